// A private realm of MIT Kerberos beside the cabinet: the domain whose workstations hand over tickets.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from './kabinet.mjs';

const REALM = 'TEST.LOCAL';
const PASSWORD = 'password';

const knocks = (port) => new Promise((done) => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
  socket.on('error', () => done(false));
});

export class Realm {
  static isInstalled() { return ['/usr/sbin/krb5kdc', '/usr/sbin/kadmin.local', '/usr/bin/kinit'].every(existsSync); }

  static async open(people) {
    const realm = new Realm();
    const dir = realm.dir = mkdtempSync(join(tmpdir(), 'kabinet-kdc-'));
    const port = await freePort();
    writeFileSync(join(dir, 'krb5.conf'), `[libdefaults]
 default_realm = ${REALM}
 dns_lookup_kdc = false
 rdns = false
 dns_canonicalize_hostname = false
 udp_preference_limit = 1
[realms]
 ${REALM} = {
  kdc = 127.0.0.1:${port}
 }
[domain_realm]
 localhost = ${REALM}
`);
    writeFileSync(join(dir, 'kdc.conf'), `[kdcdefaults]
 kdc_listen = 127.0.0.1:${port}
 kdc_tcp_listen = 127.0.0.1:${port}
[realms]
 ${REALM} = {
  database_name = ${dir}/principal
  key_stash_file = ${dir}/stash
  acl_file = ${dir}/acl
  supported_enctypes = aes256-cts-hmac-sha1-96:normal aes128-cts-hmac-sha1-96:normal
 }
`);
    writeFileSync(join(dir, 'acl'), '');
    realm.env = { ...process.env, KRB5_CONFIG: join(dir, 'krb5.conf'), KRB5_KDC_PROFILE: join(dir, 'kdc.conf') };
    const run = (program, args, input) => execFileSync(program, args, { cwd: dir, env: realm.env, input, stdio: ['pipe', 'pipe', 'pipe'] });
    run('/usr/sbin/kdb5_util', ['create', '-s', '-r', REALM, '-P', 'master']);
    for (const person of people) run('/usr/sbin/kadmin.local', ['-q', `addprinc -pw ${PASSWORD} ${person}`]);
    run('/usr/sbin/kadmin.local', ['-q', 'addprinc -randkey HTTP/localhost']);
    run('/usr/sbin/kadmin.local', ['-q', `ktadd -k ${dir}/http.keytab HTTP/localhost`]);
    realm.child = spawn('/usr/sbin/krb5kdc', ['-n'], { cwd: dir, env: realm.env, stdio: 'ignore' });
    await eventually(() => knocks(port), 'krb5kdc');
    return realm;
  }

  /** Signs a person in at a workstation; gives what its browser is started with. */
  signIn(person) {
    const env = { ...this.env, KRB5CCNAME: `FILE:${join(this.dir, `tickets-${person}`)}` };
    execFileSync('/usr/bin/kinit', [person], { env, input: `${PASSWORD}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
    return env;
  }

  /** What the cabinet's configuration says of it. */
  section() {
    return `
[[kerberos]]
id = "windows"
label = { ru = "Учётная запись Windows", kk = "Windows тіркелгісі", en = "Windows account" }
service = "HTTP/localhost@${REALM}"
keytab = "${join(this.dir, 'http.keytab')}"
`;
  }

  close() {
    this.child.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}
