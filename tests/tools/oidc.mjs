// A real OpenID provider with a small API behind it, for tests. Prints one line of JSON when it can be met:
// {"port":N,"key":"PEM of the private key of client three"}. Ends when its standard input is closed.
import { createServer } from 'node:http';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

const secret = 'CANARY-OIDC-0123456789abcdef0123456789abcdef';
const scopes = '031:who:Read 032:who:Read';
const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = (key, more) => ({ ...key.export({ format: 'jwk' }), ...more });
const client = (n, method, more = {}) => ({
  client_id: `OIDC${'A'.repeat(27)}${n}`, grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
  token_endpoint_auth_method: method, scope: scopes, id_token_signed_response_alg: 'ES256', ...more,
});

const server = createServer((request, response) => handler(request, response));
server.listen(0, '127.0.0.1', () => {
  const port = server.address().port;
  const issuer = `http://127.0.0.1:${port}`;
  const resource = `${issuer}/jwt`;
  const provider = new Provider(issuer, {
    scopes: scopes.split(' '),
    clients: [
      client(1, 'client_secret_jwt', { client_secret: secret, token_endpoint_auth_signing_alg: 'HS256' }),
      client(2, 'client_secret_basic', { client_secret: secret }),
      client(3, 'private_key_jwt', { token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [jwk(own.publicKey, { alg: 'ES256', use: 'sig' })] } }),
      client(4, 'client_secret_jwt', { client_secret: secret, token_endpoint_auth_signing_alg: 'HS256' }),
    ],
    jwks: { keys: [jwk(keys.privateKey, { alg: 'ES256', use: 'sig', kid: 'oidc-1' })] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    ttl: { ClientCredentials: 300 },
    clockTolerance: 15,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        // Client four gets JWTs, the others opaque tokens.
        defaultResource: (ctx) => (ctx.oidc.client?.clientId.endsWith('4') ? resource : undefined),
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: scopes, audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
      },
    },
  });
  const oidc = provider.callback();
  handler = async (request, response) => {
    if (!request.url.startsWith('/who')) return oidc(request, response);
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '');
    if (given && request.url.includes('access_token=')) {
      response.writeHead(400, { 'content-type': 'application/json' });
      return response.end('{"error":"invalid_request"}');
    }
    // What is no token of this provider may make its look-up fail; that is a refusal, too.
    const token = given && await provider.ClientCredentials.find(given[1]).catch(() => undefined);
    const good = token && !token.isExpired && token.scope?.split(' ').includes('031:who:Read');
    response.writeHead(good ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(good ? { ok: true } : { error: 'invalid_token' }));
  };
  console.log(JSON.stringify({ port, key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }) }));
});
// Nobody reads what the provider says of its own use later on: a closed pipe must not end it.
process.stdout.on('error', () => {});
let handler = (_, response) => response.writeHead(503).end();
process.stdin.on('end', () => process.exit(0)).resume();
