// Keys of the emulators: key files opened by the openssl command line, signatures made by it, GOST through its engine.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

function openssl(args, input) {
  return execFileSync('openssl', args, { input, stdio: ['pipe', 'pipe', 'pipe'] });
}

/** A key with its certificate, in a folder that goes with `forget`. */
export class Key {
  /** From a key file, or from a pair of PEM files named `name.key` and `name.crt`. */
  static open(file, password) {
    const dir = mkdtempSync(join(tmpdir(), 'agent-key-'));
    const key = new Key();
    key.dir = dir;
    key.file = resolve(file);
    if (file.endsWith('.crt') || file.endsWith('.pem')) {
      writeFileSync(join(dir, 'key.pem'), readFileSync(file.replace(/\.(crt|pem)$/, '.key')), { mode: 0o600 });
      writeFileSync(join(dir, 'certificate.pem'), readFileSync(file));
    } else {
      const unpack = (...what) => openssl(['pkcs12', '-legacy', '-in', file, '-passin', `pass:${password}`, ...what]);
      writeFileSync(join(dir, 'key.pem'), unpack('-nocerts', '-noenc'), { mode: 0o600 });
      writeFileSync(join(dir, 'certificate.pem'), unpack('-clcerts', '-nokeys'));
    }
    key.der = openssl(['x509', '-in', join(dir, 'certificate.pem'), '-outform', 'DER']);
    return key;
  }

  get thumbprint() { return createHash('sha1').update(this.der).digest('hex').toUpperCase(); }

  #field(...what) { return openssl(['x509', '-in', join(this.dir, 'certificate.pem'), '-noout', '-nameopt', 'utf8,sep_comma_plus_space', ...what]).toString().trim().replace(/^\w+ ?=/, ''); }

  get subject() { return this.#field('-subject'); }
  get issuer() { return this.#field('-issuer'); }
  get serial() { return this.#field('-serial'); }
  get notBefore() { return new Date(this.#field('-startdate')); }
  get notAfter() { return new Date(this.#field('-enddate')); }

  /** Whether the authority marked it for signing in. */
  get isForAuthentication() { return openssl(['x509', '-in', join(this.dir, 'certificate.pem'), '-noout', '-text']).includes('TLS Web Client Authentication'); }

  /** A CAdES-BES signature in DER; without its certificate on request. */
  sign(content, { attached = true, certificate = true } = {}) {
    const path = join(this.dir, 'content');
    writeFileSync(path, content);
    const gost = openssl(['x509', '-in', join(this.dir, 'certificate.pem'), '-noout', '-text']).includes('GOST');
    return openssl(['cms', '-sign', '-binary', '-cades', ...(gost ? ['-engine', 'gost'] : ['-md', 'sha256']), '-in', path,
      '-signer', join(this.dir, 'certificate.pem'), '-inkey', join(this.dir, 'key.pem'), '-outform', 'DER',
      ...(attached ? ['-nodetach'] : []), ...(certificate ? [] : ['-nocerts'])]);
  }

  forget() { rmSync(this.dir, { recursive: true, force: true }); }
}

/** `--name value` and `--flag` of a command line. */
export function options(argv, known) {
  const given = {};
  for (let n = 0; n < argv.length; n += 1) {
    const name = argv[n].replace(/^--/, '');
    if (!(name in known)) throw new Error(`unknown option ${argv[n]}; there are ${Object.keys(known).map((it) => `--${it}`).join(' ')}`);
    if (known[name] === true) given[name] = true;
    else (given[name] ??= []).push(argv[n += 1]);
  }
  return given;
}
