// One running server for a test file: its own data, its own authority, real SMTP.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const target = process.env.CARGO_TARGET_DIR ?? join(root, 'target');
export const binary = process.env.KABINET_BINARY ?? join(target, 'debug/kabinet');

export const freePort = () => new Promise((done, fail) => {
  const server = createServer();
  server.on('error', fail);
  server.listen(0, '127.0.0.1', () => { const { port } = server.address(); server.close(() => done(port)); });
});

/** Polls until `look` returns something; fails after `within` milliseconds. */
export async function eventually(look, what, within = 15000) {
  const end = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((go) => setTimeout(go, 50));
  }
}

function start(command, args, options, ready) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  child.log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { child.log += piece; });
  const gone = new Promise((done) => child.on('exit', done));
  child.stop = async (signal = 'SIGTERM') => { if (child.exitCode === null && child.signalCode === null) { child.kill(signal); await gone; } };
  return eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${child.log}`);
    return ready(child);
  }, command, 30000).then(() => child);
}

/** A mail server that keeps what it received, one JSON object a line. */
export class MailSink {
  static async open(dir) {
    const sink = new MailSink();
    sink.port = await freePort();
    sink.file = join(dir, 'mail.jsonl');
    const python = join(process.env.KABINET_PEERS ?? join(target, 'peers'), 'bin/python');
    sink.child = await start(python, [join(root, 'tests/browser/lib/sink.py'), String(sink.port), sink.file], {}, (c) => c.log.includes('up'));
    return sink;
  }

  all() {
    if (!existsSync(this.file)) return [];
    return readFileSync(this.file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** The newest mail to `address` that `fits`, waited for. */
  to(address, fits = () => true) {
    return eventually(() => this.all().filter((m) => m.to.includes(address) && fits(m)).at(-1), `mail to ${address}`);
  }

  async code(address, after = 0) {
    const mail = await eventually(() => this.all().slice(after).filter((m) => m.to.includes(address) && /\b\d{6}\b/.test(m.text)).at(-1), `code to ${address}`);
    return /\b(\d{6})\b/.exec(mail.text)[1];
  }

  close() { return this.child.stop(); }
}

/** `kabinet serve` with a configuration of its own; `extra` may depend on where it will be. */
export class Kabinet {
  static async open({ anchors, intermediates = [], crls = [], extra = '' }) {
    const k = new Kabinet();
    k.dir = mkdtempSync(join(tmpdir(), 'kabinet-browser-'));
    k.mail = await MailSink.open(k.dir);
    k.port = await freePort();
    k.url = `http://localhost:${k.port}`;
    k.config = join(k.dir, 'kabinet.toml');
    const list = (files) => `[${files.map((f) => JSON.stringify(f)).join(', ')}]`;
    writeFileSync(k.config, `
[server]
listen = "127.0.0.1:${k.port}"
base_url = "${k.url}"
product_name = "Личный кабинет города"
time_zone = "Asia/Almaty"
support = [
  { label = "Call-center", phone = "1308" },
  { label = "Служба поддержки", mail = "support@example.kz" },
]

[storage]
sqlite = "${join(k.dir, 'kabinet.db')}"

[secrets]
key_file = "${join(k.dir, 'secret.key')}"

[mail]
host = "127.0.0.1"
port = ${k.mail.port}
tls = "none"
from = "cabinet@example.kz"

[[anchor_group]]
id = "test-authority"
profile = "kz"
anchors = ${list(anchors)}
intermediates = ${list(intermediates)}
crls = ${list(crls)}
sign_in = { eku = ["1.3.6.1.5.5.7.3.2"] }
sign = { eku = ["1.3.6.1.5.5.7.3.4"] }
person_ids = ["KZ:IIN"]
revocation = "${crls.length ? 'required' : 'not-asked'}"
unknown_status = "refuse"
${typeof extra === 'function' ? await extra(k) : extra}
`);
    await k.start();
    return k;
  }

  /** `skew` moves the server's clock, as in `+6m` (libfaketime). */
  async start(skew) {
    const moved = skew && { LD_PRELOAD: '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1', FAKETIME: skew, DONT_FAKE_MONOTONIC: '1' };
    this.child = await start(binary, ['serve', '--config', this.config], { env: { ...process.env, ...moved } }, async () => (await fetch(`${this.url}/health`).catch(() => null))?.ok);
  }

  async restart(signal, skew) { await this.child.stop(signal); await this.start(skew); }

  async close() {
    await this.child?.stop();
    await this.mail?.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
