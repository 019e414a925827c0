// A certified provider beside the cabinet: npm oidc-provider, run by tests/provider/provider.mjs.
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(resolve(dirname(fileURLToPath(import.meta.url)), '../../..'), 'tests/provider');
const SECRET = 'a-long-test-secret:+/=% that must be encoded';

export class Provider {
  static isInstalled() { return existsSync(join(folder, 'node_modules/oidc-provider')); }

  /** Starts it for a cabinet at `url`, with these people. */
  static async open(url, people, id = 'state') {
    const provider = new Provider();
    const env = { ...process.env, PEOPLE: JSON.stringify(people) };
    const callback = `${url}/sign-in/provider/${id}/callback`;
    provider.child = spawn('node', ['provider.mjs', callback], { cwd: folder, env, stdio: ['pipe', 'pipe', 'ignore'] });
    provider.port = await new Promise((done, fail) => {
      provider.child.stdout.once('data', (line) => done(Number(String(line).trim())));
      provider.child.once('exit', () => fail(new Error('the provider ended')));
    });
    return provider;
  }

  /** What the cabinet's configuration says of it. */
  section(dir, id = 'state', label = '{ ru = "Госуслуги", kk = "Мемқызмет", en = "State services" }', offered = 'everywhere') {
    writeFileSync(join(dir, 'client-secret'), SECRET, { mode: 0o600 });
    return `
[outgoing]
internal_hosts = ["127.0.0.1"]

[[provider]]
id = "${id}"
label = ${label}
offered = "${offered}"
kind = "oidc"
issuer = "http://127.0.0.1:${this.port}"
client_id = "kabinet"
client_secret_file = "client-secret"
scopes = ["profile", "email"]
trusts_email = true
`;
  }

  close() { this.child.stdin.end(); }
}

/** Signs in there under a name and agrees, wherever the page is. */
export async function signInThere(page, login) {
  await page.waitForURL(/127\.0\.0\.1/);
  const name = page.locator('input[name="login"]');
  if (await name.count()) {
    await name.fill(login);
    await page.locator('input[name="password"]').fill('any');
    await page.locator('button[type="submit"]').click();
    await page.waitForLoadState();
  }
  const agree = page.locator('button[type="submit"]');
  await Promise.all([page.waitForURL(/localhost/), agree.click()]);
}
