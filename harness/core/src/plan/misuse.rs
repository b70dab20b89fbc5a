//! Wrong uses of tokens and of client authentication that a plan can ask for, and looks at the platform itself.

/// What is done wrong on purpose, or what of the authorization platform is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Misuse {
    /// A call with a token that was revoked (RFC 7009).
    RevokedToken,
    /// A call with a token that another provider's platform issued, or that is for another provider.
    ForeignToken,
    /// A call with the token's claims under `alg: none` and without signature.
    AlgNone,
    /// A call with the token's claims signed HS256 with the platform's public key.
    KeyConfusion,
    /// A call with a token whose content was changed and whose signature was not.
    TamperedToken,
    /// A call whose token stands in the query (RFC 6750 2.3).
    TokenInQuery,
    /// A call whose token stands in the body (RFC 6750 2.2).
    TokenInBody,
    /// A call with the token in the header and in the query at once.
    TwoMethods,
    /// A call with a certificate-bound token but without the certificate (RFC 8705 3).
    WithoutCertificate,
    /// The same assertion, and so the same `jti`, twice.
    AssertionReplay,
    /// An assertion after its `exp`.
    ExpiredAssertion,
    /// An assertion for another token endpoint.
    WrongAudience,
    /// A token request by a client nobody registered.
    UnknownClient,
    /// A token request with another secret or key.
    WrongSecret,
    /// An assertion from a clock that is ahead by less than was agreed.
    ClockSkewInside,
    /// An assertion from a clock that is ahead by more than was agreed.
    ClockSkewOutside,
    /// A scope that is not of the form 業務ID:APIコール名:操作種類.
    MalformedScope,
    /// One token for two providers.
    TwoProviders,
    /// What introspection (RFC 7662) says of good, expired, revoked and invented tokens.
    Introspection,
    /// Whether the platform's metadata (RFC 8414) name the endpoints that the profile declares.
    Discovery,
}

/// Where a misuse is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisuseOf {
    /// A call of the API.
    Call,
    /// A token request.
    TokenRequest,
    /// The platform's other endpoints.
    Platform,
}

impl Misuse {
    /// All of them, in the order of docs/auth.md.
    pub const ALL: [Self; 20] = [
        Self::RevokedToken,
        Self::ForeignToken,
        Self::AlgNone,
        Self::KeyConfusion,
        Self::TamperedToken,
        Self::TokenInQuery,
        Self::TokenInBody,
        Self::TwoMethods,
        Self::WithoutCertificate,
        Self::AssertionReplay,
        Self::ExpiredAssertion,
        Self::WrongAudience,
        Self::UnknownClient,
        Self::WrongSecret,
        Self::ClockSkewInside,
        Self::ClockSkewOutside,
        Self::MalformedScope,
        Self::TwoProviders,
        Self::Introspection,
        Self::Discovery,
    ];

    /// The word in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RevokedToken => "revoked-token",
            Self::ForeignToken => "foreign-token",
            Self::AlgNone => "alg-none",
            Self::KeyConfusion => "key-confusion",
            Self::TamperedToken => "tampered-token",
            Self::TokenInQuery => "token-in-query",
            Self::TokenInBody => "token-in-body",
            Self::TwoMethods => "two-methods",
            Self::WithoutCertificate => "without-certificate",
            Self::AssertionReplay => "assertion-replay",
            Self::ExpiredAssertion => "expired-assertion",
            Self::WrongAudience => "wrong-audience",
            Self::UnknownClient => "unknown-client",
            Self::WrongSecret => "wrong-secret",
            Self::ClockSkewInside => "clock-skew-inside",
            Self::ClockSkewOutside => "clock-skew-outside",
            Self::MalformedScope => "malformed-scope",
            Self::TwoProviders => "two-providers",
            Self::Introspection => "introspection",
            Self::Discovery => "discovery",
        }
    }

    /// The misuse with a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == word)
    }

    /// What is wrong, in Japanese.
    pub fn ja(self) -> &'static str {
        match self {
            Self::RevokedToken => "失効させたトークン",
            Self::ForeignToken => "別の提供側のトークン",
            Self::AlgNone => "署名のないトークン（alg none）",
            Self::KeyConfusion => "公開鍵を秘密として署名したトークン",
            Self::TamperedToken => "改ざんしたトークン",
            Self::TokenInQuery => "URLに付けたトークン",
            Self::TokenInBody => "本文に入れたトークン",
            Self::TwoMethods => "ヘッダーとURLの両方に付けたトークン",
            Self::WithoutCertificate => "証明書なしで送った、証明書に結び付くトークン",
            Self::AssertionReplay => "同じassertionの再使用",
            Self::ExpiredAssertion => "期限切れのassertion",
            Self::WrongAudience => "audの違うassertion",
            Self::UnknownClient => "登録のないクライアント",
            Self::WrongSecret => "誤った秘密",
            Self::ClockSkewInside => "許容差の内の時計のずれ",
            Self::ClockSkewOutside => "許容差を超える時計のずれ",
            Self::MalformedScope => "形式の違うスコープ",
            Self::TwoProviders => "2つの提供側に通じるトークンの要求",
            Self::Introspection => "イントロスペクション",
            Self::Discovery => "メタデータの公開",
        }
    }

    /// Where it is seen.
    pub fn seen_in(self) -> MisuseOf {
        match self {
            Self::RevokedToken
            | Self::ForeignToken
            | Self::AlgNone
            | Self::KeyConfusion
            | Self::TamperedToken
            | Self::TokenInQuery
            | Self::TokenInBody
            | Self::TwoMethods
            | Self::WithoutCertificate => MisuseOf::Call,
            Self::Introspection | Self::Discovery => MisuseOf::Platform,
            _ => MisuseOf::TokenRequest,
        }
    }

    /// Endpoints of the platform that it cannot do without, beside the token endpoint: keys of `[endpoints]`.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::RevokedToken => &["revocation"],
            Self::KeyConfusion => &["jwks"],
            Self::Introspection => &["introspection"],
            Self::Discovery => &["issuer"],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_misuse() {
        for misuse in Misuse::ALL {
            assert_eq!(Misuse::of(misuse.as_str()), Some(misuse));
            assert!(!misuse.ja().is_empty());
        }
        assert_eq!(Misuse::of("none"), None);
    }
}
