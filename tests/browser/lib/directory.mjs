// A private OpenLDAP server beside the cabinet, with the people of a school in it.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from './kabinet.mjs';

const BASE = 'dc=school,dc=example';
const ACCOUNT = `cn=kabinet,${BASE}`;
const ACCOUNT_PASSWORD = 'account password';
/** Of everybody. */
export const NETWORK_PASSWORD = 'Пароль в школе';

const knocks = (port) => new Promise((done) => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
  socket.on('error', () => done(false));
});

export class Directory {
  static isInstalled() { return existsSync('/usr/sbin/slapd'); }

  /** With these people: user name, surname, given name. */
  static async open(people) {
    const directory = new Directory();
    const dir = directory.dir = mkdtempSync(join(tmpdir(), 'kabinet-slapd-'));
    directory.port = await freePort();
    const openssl = (...args) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=School CA', '-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', 'ca.key', '-out', 'ca.pem');
    openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=127.0.0.1', '-keyout', 'server.key', '-out', 'server.csr');
    writeFileSync(join(dir, 'names'), 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n');
    openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-extfile', 'names', '-out', 'server.pem');
    mkdirSync(join(dir, 'db'));
    writeFileSync(join(dir, 'slapd.conf'), `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${dir}/pid
TLSCertificateFile ${dir}/server.pem
TLSCertificateKeyFile ${dir}/server.key
database mdb
suffix "${BASE}"
directory ${dir}/db
access to attrs=userPassword by anonymous auth by * none
access to * by dn.base="${ACCOUNT}" read by self read by * none
`);
    const entry = (lines) => `${lines.map(([name, value]) => `${name}:: ${Buffer.from(value).toString('base64')}`).join('\n')}\n`;
    const members = people.map(([login, surname, given]) => entry([
      ['dn', `uid=${login},ou=people,${BASE}`], ['objectClass', 'inetOrgPerson'], ['uid', login],
      ['cn', `${given} ${surname}`], ['sn', surname], ['givenName', given], ['userPassword', NETWORK_PASSWORD],
    ]));
    writeFileSync(join(dir, 'people.ldif'), [
      entry([['dn', BASE], ['objectClass', 'dcObject'], ['objectClass', 'organization'], ['o', 'School'], ['dc', 'school']]),
      entry([['dn', ACCOUNT], ['objectClass', 'organizationalRole'], ['objectClass', 'simpleSecurityObject'], ['cn', 'kabinet'], ['userPassword', ACCOUNT_PASSWORD]]),
      entry([['dn', `ou=people,${BASE}`], ['objectClass', 'organizationalUnit'], ['ou', 'people']]),
      ...members,
    ].join('\n'));
    execFileSync('/usr/sbin/slapadd', ['-f', 'slapd.conf', '-l', 'people.ldif'], { cwd: dir, stdio: 'pipe' });
    directory.child = spawn('/usr/sbin/slapd', ['-f', 'slapd.conf', '-d', '0', '-h', `ldaps://127.0.0.1:${directory.port}/`], { cwd: dir, stdio: 'ignore' });
    await eventually(() => knocks(directory.port), 'slapd');
    return directory;
  }

  /** What the cabinet's configuration says of it. */
  section(dir) {
    writeFileSync(join(dir, 'school-ca.pem'), readFileSync(join(this.dir, 'ca.pem')));
    writeFileSync(join(dir, 'school.password'), ACCOUNT_PASSWORD, { mode: 0o600 });
    return `
[[directory]]
id = "network"
label = { ru = "Школьная сеть", kk = "Мектеп желісі", en = "School network" }
servers = ["ldaps://127.0.0.1:${this.port}"]
authorities = ["school-ca.pem"]
account = "${ACCOUNT}"
account_password_file = "school.password"
base = "${BASE}"
login = ["uid"]
object_class = "inetOrgPerson"
identity = "entryUUID"
`;
  }

  close() {
    this.child.kill('SIGKILL');
    rmSync(this.dir, { recursive: true, force: true });
  }
}
