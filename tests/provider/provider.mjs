// A certified provider: npm oidc-provider. Prints its port, then serves until its input ends. PEOPLE adds to who has an
// account there. CLIENT_KEY, a public key in DER and base64, takes the place of the client's secret.
import { createPublicKey } from 'node:crypto';
import Provider from 'oidc-provider';
import http from 'node:http';

const people = {
  alice: {
    name: 'Ирина Ковалёва', family_name: 'Ковалёва', given_name: 'Ирина', middle_name: 'Сергеевна',
    email: 'alice@example.test', email_verified: true,
  },
  mallory: { name: 'Mallory', email: 'alice@example.test', email_verified: false },
  ...JSON.parse(process.env.PEOPLE ?? '{}'),
};

const key = process.env.CLIENT_KEY && createPublicKey({
  key: Buffer.from(process.env.CLIENT_KEY, 'base64'), format: 'der', type: 'spki',
});
const proof = key
  ? { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: 'kabinet-1' }] } }
  : { client_secret: 'a-long-test-secret:+/=% that must be encoded' };

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{
      client_id: 'kabinet',
      ...proof,
      redirect_uris: [process.argv[2]],
      grant_types: ['authorization_code'],
      response_types: ['code'],
    }],
    pkce: { required: () => true },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: ['name', 'family_name', 'given_name', 'middle_name'],
    },
    cookies: { keys: ['test'] },
    findAccount: async (ctx, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, ...people[id] }),
    }),
  });
  server.on('request', provider.callback());
  console.log(port);
});

process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
