// A provider over HTTP/2 and TLS, by another implementation than ours. Prints its port; ends with its standard input.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';

const here = new URL('./tls/', import.meta.url);
const [cert, key] = ['good.pem', 'key.pem'].map((name) => readFileSync(new URL(name, here)));
const server = createSecureServer({ cert, key });
server.on('stream', (stream, headers) => {
  const wrong = headers[':path'] !== '/n' || headers[':method'] !== 'GET';
  stream.respond({ ':status': wrong ? 404 : 200, 'content-type': 'application/json' });
  stream.end(process.argv[2] === 'wrong' ? '{"n":"1"}' : '{"n":12345}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.resume().on('end', () => process.exit(0));
