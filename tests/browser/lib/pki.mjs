// People and authorities made by the openssl command line: never by Kabinet's own code.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PASSWORD = 'Ключ-1234';

const openssl = (cwd, ...args) => execFileSync('openssl', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });

const CONFIG = `
oid_section = oids
[oids]
[req]
distinguished_name = dn
prompt = no
string_mask = utf8only
utf8 = yes
[dn]
CN = unused
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[auth]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = 1.3.6.1.5.5.7.3.2,1.2.398.3.3.4.1.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[sign]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = 1.3.6.1.5.5.7.3.4,1.2.398.3.3.4.1.1
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ca]
default_ca = this
[this]
dir = .
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
`;

/** A person as a Kazakh authority writes one: CN, SURNAME, G (patronymic), serialNumber IIN… */
export const subject = (p) =>
  `/CN=${p.surname.toUpperCase()} ${p.given.toUpperCase()}/SN=${p.surname.toUpperCase()}/serialNumber=IIN${p.iin}/C=KZ` +
  (p.patronymic ? `/GN=${p.patronymic.toUpperCase()}` : '');

/** An IIN with a right check digit (Kazakhstan, two-pass weights modulo 11). */
export function iin(birth, century, counter) {
  for (let n = counter; ; n += 1) {
    const head = `${birth}${century}${String(n).padStart(4, '0')}`;
    const digits = [...head].map(Number);
    const sum = (shift) => digits.reduce((s, d, i) => s + d * (((i + shift) % 11) + 1), 0) % 11;
    let check = sum(0);
    if (check === 10) check = sum(2);
    if (check < 10) return head + check;
  }
}

/** GOST is known to its engine alone. */
const engine = (kind) => (kind === 'GOST' ? ['-engine', 'gost'] : []);

/** One certification authority: root, issuing CA, people, CRL. */
export class Authority {
  constructor(dir, name = 'ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) СЫНАҚ') {
    this.dir = dir;
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'openssl.cnf'), CONFIG);
    writeFileSync(join(dir, 'index.txt'), '');
    writeFileSync(join(dir, 'crlnumber'), '01\n');
    this.#key('root', 'RSA');
    this.#run('req', '-new', '-x509', '-utf8', '-config', 'openssl.cnf', '-extensions', 'root', '-key', 'root.key', '-days', '3650',
      '-subj', '/C=KZ/CN=НЕГІЗГІ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ СЫНАҚ', '-out', 'root.pem');
    this.#key('issuing', 'RSA');
    this.#issue('issuing', `/C=KZ/CN=${name}`, 'issuing', 'root', ['-days', '1825']);
  }

  #run(...args) { return openssl(this.dir, ...args); }

  #key(file, kind) {
    const algorithm = { RSA: ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], P256: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], P384: ['EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], Ed25519: ['ED25519'], GOST: ['gost2012_256', '-pkeyopt', 'paramset:A'] }[kind];
    this.#run('genpkey', ...engine(kind), '-algorithm', ...algorithm, '-out', `${file}.key`);
  }

  #issue(file, dn, extensions, by, when, kind = 'RSA') {
    this.#run('req', '-new', ...engine(kind), ...(kind === 'GOST' ? ['-md_gost12_256'] : []), '-utf8', '-config', 'openssl.cnf', '-key', `${file}.key`, '-subj', dn, '-out', `${file}.csr`);
    if (when[0] === '-days') {
      this.#run('x509', '-req', ...engine(kind), '-in', `${file}.csr`, '-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-sha256',
        '-extfile', 'openssl.cnf', '-extensions', extensions, ...when, '-out', `${file}.pem`);
      return;
    }
    const serial = execFileSync('openssl', ['rand', '-hex', '16']).toString().trim();
    writeFileSync(join(this.dir, 'serial'), `5${serial.slice(1)}\n`);
    this.#run('ca', '-batch', '-utf8', '-notext', '-config', this.#caConfig(by), '-in', `${file}.csr`, '-out', `${file}.pem`,
      '-extfile', 'openssl.cnf', '-extensions', extensions, ...when);
  }

  #caConfig(by) {
    writeFileSync(join(this.dir, 'ca.cnf'), `${CONFIG}
serial = serial
new_certs_dir = .
certificate = ${by}.pem
private_key = ${by}.key
policy = any
unique_subject = no
email_in_dn = yes
preserve = yes
[any]
commonName = optional
countryName = optional
surname = optional
givenName = optional
serialNumber = optional
`);
    return 'ca.cnf';
  }

  /** Issues a key file. `when`: valid | expired | future; `use`: auth | sign; `form`: modern | legacy. Returns its path. */
  keyFile(file, person, { kind = 'RSA', use = 'auth', when = 'valid', form = 'modern', password = PASSWORD } = {}) {
    this.#key(file, kind);
    const dates = { valid: ['-days', '365'], expired: ['-startdate', '20231001080000Z', '-enddate', '20241001080000Z'], future: ['-startdate', '20400101080000Z', '-enddate', '20410101080000Z'] }[when];
    this.#issue(file, subject(person), use, 'issuing', dates, kind);
    const flags = form === 'legacy' ? ['-legacy'] : [];
    this.#run('pkcs12', '-export', ...engine(kind), ...flags, '-inkey', `${file}.key`, '-in', `${file}.pem`, '-name', file, '-passout', `pass:${password}`, '-out', `${file}.p12`);
    return join(this.dir, `${file}.p12`);
  }

  /** Revokes a key file issued by this authority and writes both lists. */
  revoke(file) {
    const { serial, subjectLine } = this.#describe(file);
    writeFileSync(join(this.dir, 'index.txt'), `R\t351231235959Z\t251101000000Z\t${serial}\tunknown\t${subjectLine}\n`);
  }

  #describe(file) {
    const serial = this.#run('x509', '-in', `${file}.pem`, '-noout', '-serial').toString().trim().split('=')[1];
    return { serial, subjectLine: '/CN=revoked' };
  }

  /** Writes fresh CRLs of both authorities; returns their paths. */
  lists() {
    const index = readFileSync(join(this.dir, 'index.txt'), 'utf8');
    const out = [];
    for (const by of ['issuing', 'root']) {
      writeFileSync(join(this.dir, 'index.txt'), by === 'issuing' ? index : '');
      this.#run('ca', '-gencrl', '-config', this.#caConfig(by), '-out', `${by}.crl`);
      out.push(join(this.dir, `${by}.crl`));
    }
    writeFileSync(join(this.dir, 'index.txt'), index);
    return out;
  }

  get anchor() { return join(this.dir, 'root.pem'); }
  get intermediate() { return join(this.dir, 'issuing.pem'); }
}
