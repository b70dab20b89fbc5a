use renkei_core::model::Bilingual;
use renkei_core::record::{Fault, FaultKind};

/// What a fault means to the people who must mend it, and how.
pub fn explain(fault: &Fault) -> (Bilingual, Bilingual) {
    let (ja, en, fix_ja, fix_en) = match fault.kind {
        FaultKind::NameNotFound => (
            "ホスト名を解決できません",
            "the host name has no address",
            "URLの綴りと、この機械のDNS（プライベートDNSゾーン、hosts）を確かめてください",
            "check the URL and this machine's DNS (private zone, hosts file)",
        ),
        FaultKind::ConnectionRefused => (
            "接続を拒まれました（そのポートで待ち受けていません）",
            "the connection was refused (nothing listens on that port)",
            "相手のサービスが動いているか、URLのポート番号が正しいかを確かめてください",
            "check that the service runs and that the port in the URL is right",
        ),
        FaultKind::ConnectionReset => (
            "接続を切られました",
            "the connection was reset",
            "途中のファイアウォールや許可IPの設定を確かめてください",
            "check firewalls and address allow lists on the way",
        ),
        FaultKind::Tls => (
            "TLSの接続が成り立ちません",
            "the TLS handshake failed",
            "証明書（発行元CA、有効期限、subjectAltName）とTLS 1.2以上の対応を確かめ、私設CAなら endpoints の ca に指定してください",
            "check the certificate (CA, expiry, subjectAltName) and TLS 1.2 or later; name a private CA as `ca` of the endpoint",
        ),
        FaultKind::TimedOut => (
            "時間内に応答がありません",
            "no answer in time",
            "経路（セキュリティグループ、ルーティング、プロキシ）と相手の負荷を確かめてください",
            "check the route (security groups, routing, proxies) and the load of the peer",
        ),
        FaultKind::ClosedMidMessage => (
            "応答の途中で接続が閉じられました",
            "the peer closed before its answer was complete",
            "相手のサーバーと中継機器の記録を確かめてください",
            "look into the logs of the peer and of what lies between",
        ),
        FaultKind::InvalidMessage => (
            "応答がHTTPとして読めません",
            "the answer is not HTTP",
            "URLのスキーム（https）とポートを確かめてください",
            "check the scheme (https) and port of the URL",
        ),
        FaultKind::HostNotAllowed => (
            "計画にないホストです",
            "the plan does not name this host",
            "プロファイルの endpoints にある接続先だけを使ってください",
            "use only the endpoints of the profiles",
        ),
        FaultKind::FileMissing => (
            "ファイルがありません",
            "the file is not there",
            "計画の outbox と name を確かめ、ファイルを置いてください",
            "check outbox and name in the plan and put the file there",
        ),
        FaultKind::FileAccess => (
            "読み書きできません",
            "cannot be read or written",
            "権限と、ファイルであってフォルダでないことを確かめてください",
            "check permissions, and that it is a file and not a folder",
        ),
        FaultKind::Other => (
            "接続できません",
            "cannot be reached",
            "詳細を見て、経路と設定を確かめてください",
            "see the detail; check route and settings",
        ),
    };
    let detail = &fault.detail;
    (
        Bilingual::new(format!("{ja}（{detail}）"), format!("{en} ({detail})")),
        Bilingual::new(fix_ja, fix_en),
    )
}
