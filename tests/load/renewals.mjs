// A wave of renewals (4.3.7): many people whose certificates end at once prepare their renewal, and enter with the new
// certificate. The server is a real one on this machine; nobody does anything by hand, and each renewal must stand in its
// account's history.
//
//   node tests/load/renewals.mjs [PEOPLE] [AT-ONCE]        (1000 people, 8 at once; at most an hour)
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binary, eventually, freePort } from '../browser/lib/kabinet.mjs';
import { iin } from '../browser/lib/pki.mjs';

const [people = 1000, atOnce = 8] = process.argv.slice(2).map(Number);
assert.ok(people >= 1 && people <= 5000 && atOnce >= 1 && atOnce <= 64, 'a bounded wave');
const HOUR = 3600_000;
const dir = mkdtempSync(join(tmpdir(), 'kabinet-renewals-'));
const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });

function run(command, args, input) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: dir, stdio: ['pipe', 'pipe', 'ignore'] });
    const out = [];
    child.stdout.on('data', (piece) => out.push(piece));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(Buffer.concat(out)) : fail(new Error(`${command} ${args[0]}: ${code}`))));
    child.stdin.end(input);
  });
}

/** Does `act` for each number up to `count`, so many at once. */
async function each(count, act) {
  let next = 0;
  const lane = async () => { while (next < count) await act(next++); };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

const EXTENSIONS = `[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = 1.3.6.1.5.5.7.3.2
authorityKeyIdentifier = keyid
`;

function authority() {
  writeFileSync(join(dir, 'leaf.cnf'), EXTENSIONS);
  for (const name of ['ca', 'person']) openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`);
  openssl('pkey', '-in', 'person.key', '-pubout', '-out', 'person.pub');
  openssl('req', '-new', '-x509', '-key', 'ca.key', '-days', '3650', '-subj', '/C=KZ/CN=WAVE CA', '-out', 'ca.pem',
    '-addext', 'keyUsage=critical,keyCertSign,cRLSign');
}

/** A number of their own for each: one that is never issued is skipped, so they lie apart. */
const numberOf = (number) => iin(`9001${String((number % 28) + 1).padStart(2, '0')}`, 3, Math.floor(number / 28) * 9);

/** One key serves all: what is measured is the server, not the making of keys. */
const issue = (number, what) => run('openssl', ['x509', '-new', '-force_pubkey', 'person.pub', '-subj',
  `/CN=WAVE PERSON${number}/SN=WAVE/serialNumber=IIN${numberOf(number)}/C=KZ`, '-CA', 'ca.pem', '-CAkey', 'ca.key',
  '-days', what === 'old' ? '10' : '365', '-extfile', 'leaf.cnf', '-extensions', 'leaf', '-out', `${what}-${number}.pem`]);

const sign = async (number, what, text) => (await run('openssl', ['cms', '-sign', '-binary', '-nodetach', '-md', 'sha256',
  '-signer', `${what}-${number}.pem`, '-inkey', 'person.key', '-outform', 'DER'], text)).toString('base64');

/** Somebody with a browser of their own, in a network of their own. */
class Person {
  constructor(url, number) {
    this.url = url;
    this.number = number;
    this.cookies = new Map();
  }

  async ask(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        origin: this.url,
        'x-forwarded-for': `10.${this.number >> 16}.${(this.number >> 8) & 255}.${this.number & 255}`,
        ...(this.token && { 'x-csrf-token': this.token }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }
    const text = await answer.text();
    assert.ok(answer.status < 400, `${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  async refresh() { this.token = (await this.ask('GET', '/api/v1/session')).csrf_token; }

  async enter(what) {
    await this.refresh();
    const { text } = await this.ask('POST', '/api/v1/sign-in/challenge', {});
    const cms = await sign(this.number, what, text);
    const opened = await this.ask('POST', '/api/v1/sign-in/certificate', { cms });
    await this.refresh();
    return opened;
  }

  async prepare(pem) {
    await this.ask('POST', '/api/v1/renewals', { certificate: pem });
    const { text } = await this.ask('POST', '/api/v1/renewals/challenge', {});
    const cms = await sign(this.number, 'old', text);
    await this.ask('POST', '/api/v1/renewals/sign', { cms });
  }
}

async function server() {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const config = join(dir, 'kabinet.toml');
  writeFileSync(config, `
[server]
listen = "127.0.0.1:${port}"
base_url = "${url}"
product_name = "Wave"
time_zone = "Asia/Almaty"
trusted_proxies = ["127.0.0.1/32"]
[storage]
sqlite = "${join(dir, 'kabinet.db')}"
[secrets]
key_file = "${join(dir, 'secret.key')}"
[contacts]
first_entry = "nothing"
[[anchor_group]]
id = "wave"
profile = "kz"
anchors = ["ca.pem"]
sign_in = { eku = ["1.3.6.1.5.5.7.3.2"] }
person_ids = ["KZ:IIN"]
revocation = "not-asked"
new_certificate = "prove"
newcomer = "register"
`);
  const child = spawn(binary, ['serve', '--config', config], { stdio: 'ignore' });
  await eventually(async () => (await fetch(`${url}/health`).catch(() => null))?.ok, 'the server', 60000);
  return { url, config, child };
}

authority();
await each(people, async (number) => { await issue(number, 'old'); await issue(number, 'new'); });
const { url, config, child } = await server();
try {
  const accounts = [];
  await each(people, async (number) => { accounts[number] = (await new Person(url, number).enter('old')).account; });
  const began = Date.now();
  const spans = [];
  await each(people, async (number) => {
    const start = Date.now();
    const person = new Person(url, number);
    await person.enter('old');
    await person.prepare(execFileSync('cat', [`new-${number}.pem`], { cwd: dir }).toString());
    const renewed = new Person(url, number);
    const opened = await renewed.enter('new');
    assert.equal(opened.account, accounts[number], 'the same account');
    assert.equal(opened.created, false);
    const history = JSON.stringify(await renewed.ask('GET', '/api/v1/history'));
    for (const act of ['renewal.prepared', 'renewal.completed', 'certificate.bound']) assert.ok(history.includes(act), `${act} in ${history}`);
    spans.push(Date.now() - start);
  });
  const took = Date.now() - began;
  execFileSync(binary, ['audit', 'verify', '--config', config]);
  spans.sort((a, b) => a - b);
  const at = (share) => spans[Math.min(spans.length - 1, Math.floor(spans.length * share))];
  console.log(`${people} renewals in ${(took / 1000).toFixed(1)} s, ${((people * 1000) / took).toFixed(1)} a second, ${atOnce} at once`);
  console.log(`one renewal (two entries, one statement): median ${at(0.5)} ms, p99 ${at(0.99)} ms; manual acts: 0; audit: whole`);
  assert.ok(took * (1000 / people) < HOUR, 'a thousand an hour');
} finally {
  child.kill('SIGTERM');
  await new Promise((done) => child.on('exit', done));
  rmSync(dir, { recursive: true, force: true });
}
