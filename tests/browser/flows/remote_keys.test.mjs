// 4.1.4, 4.1.5: keys that answer the server: a certificate that the browser shows, and a key in eGov Mobile.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Key } from '../../../scripts/agents/lib/keys.mjs';
import { KazakhKey, moduleOf } from '../../../scripts/agents/lib/kz.mjs';
import { Phone } from '../../../scripts/agents/egov-mobile/phone.mjs';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { freePort } from '../lib/kabinet.mjs';
import { expect, giveEmail } from '../lib/person.mjs';
import { PASSWORD } from '../lib/pki.mjs';
import { Town } from '../lib/town.mjs';

const vectors = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../shared/vectors/kz-nuc-test');
const file = (name) => join(vectors, name);
/** The test certificates are valid from May 2026 to May 2027. */
const WITHIN_VALIDITY = '@2026-11-22 12:00:00';

let town;
let door;

/** The sections of both ways; the door has a certificate of its own. */
async function extra(kabinet) {
  const port = await freePort();
  door = `https://localhost:${port}`;
  const [certificate, key] = ['door.pem', 'door.key'].map((name) => join(kabinet.dir, name));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '30', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  chmodSync(key, 0o600);
  return `
[client_certificate]
listen = "127.0.0.1:${port}"
url = "${door}"
certificate = "${certificate}"
key_file = "${key}"

[egov_mobile]
organisation = { ru = "Акимат города", kk = "Қала әкімдігі", en = "City administration" }
bin = "940140000385"
${existsSync(vectors) ? `
[[anchor_group]]
id = "nuc-test"
profile = "kz"
anchors = [${JSON.stringify(file('root_test_gost_2022.cer'))}]
intermediates = [${JSON.stringify(file('nca_gost2022_test.cer'))}]
person_ids = ["KZ:IIN", "KZ:BIN"]
check_digits = false
revocation = "not-asked"
` : ''}`;
}

before(async () => { town = await Town.open({ extra }); });
after(() => town?.close());

/** What the page's code says. */
const code = (page) => page.locator('.qr').getAttribute('data-code');

/** A row of the chooser; without scripts a button beside it. */
async function choose(page, place, { scripts = true } = {}) {
  await page.goto('/sign-in');
  if (scripts) await page.locator(`[data-place="${place}"] input[name="place"]`).check();
  await page.locator(`form[action="/sign-in/${place}"] button:visible`).click();
}

async function byPhone(page, how) {
  await choose(page, 'phone', how);
  await page.waitForURL(/\/sign-in\/phone/);
}

function withKey(p12, password, work) {
  const key = Key.open(p12, password);
  return Promise.resolve(work(new Phone({ key }))).finally(() => key.forget());
}

/** What Playwright takes for the certificate that the browser shows. */
const shows = (key) => ({
  ignoreHTTPSErrors: true,
  clientCertificates: key ? [{ origin: door, certPath: join(key.dir, 'certificate.pem'), keyPath: join(key.dir, 'key.pem') }] : undefined,
});

async function toTheDoor(person) {
  const { page } = person;
  await choose(page, 'shown');
  await page.locator('a.button-primary').waitFor();
  await person.look('shown-departing');
  await page.locator('a.button-primary').click();
}

for (const size of WIDTHS) {
  test(`4.1.4: a certificate that the browser shows opens the cabinet, ${size.name}`, async () => {
    const someone = town.person();
    const key = Key.open(someone.key, PASSWORD);
    const person = await visitor(town.browser, town.kabinet.url, { size, more: shows(key) });
    const { page } = person;
    await toTheDoor(person);
    await page.waitForURL(/\/sign-in\/shown\/[0-9a-f]{64}/);
    await expect.text(page.locator('.certificate-owner'), new RegExp(someone.surname, 'i'));
    await expect.text(page.locator('.certificate'), new RegExp(someone.iin));
    await person.look('this-is-you');
    await page.locator('form[action="/sign-in/shown/enter"] .button-primary').click();
    await giveEmail(page, town.kabinet.mail, someone.address);
    await page.waitForURL(/\/cabinet/);
    await page.locator('.sign-out button').click();
    await expect.text(page.locator('main'), /Браузер помнит/);
    await person.look('shown-signed-out');
    await person.close();
    key.forget();
  });

  test(`4.1.5: eGov Mobile opens the cabinet of whoever signed, ${size.name}`, async () => {
    const someone = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await page.locator('[data-place="phone"] input[name=place]').check();
    await person.look('remote-keys');
    await byPhone(page);
    await person.look('phone-waiting');
    await withKey(someone.key, PASSWORD, async (phone) => {
      phone.behave('other');
      const refused = await phone.scan(await code(page));
      assert.equal(refused.status, 403);
      assert.match(refused.message, /\S/);
      await page.locator('[data-now="refused"]').waitFor();
      await person.look('phone-refused');
      phone.behave('usual');
      const seen = await phone.scan(await code(page));
      assert.equal(seen.status, 200, seen.message);
      assert.match(JSON.stringify(seen.documents), new RegExp(new URL(town.kabinet.url).host));
    });
    // the page notices by itself
    await page.locator('.certificate-owner').waitFor();
    await expect.text(page.locator('.certificate-owner'), new RegExp(someone.surname, 'i'));
    await person.look('phone-this-is-you');
    await page.locator('form[action="/sign-in/phone/enter"] .button-primary').click();
    await giveEmail(page, town.kabinet.mail, someone.address);
    await page.waitForURL(/\/cabinet/);
    await page.goto('/sign-in/phone');
    await person.close();
  });
}

test('4.1.4: no certificate and a wrong one have pages with words', async () => {
  const without = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[0], more: shows() });
  await toTheDoor(without);
  await without.page.waitForURL(/\/shown\/absent/);
  await expect.text(without.page.locator('h1'), /Браузер не прислал сертификат/);
  await without.look('shown-absent');
  await without.close();
  const key = Key.open(town.authority.keyFile('documents', town.person(), { use: 'sign' }), PASSWORD);
  const wrong = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[0], more: shows(key) });
  await toTheDoor(wrong);
  await wrong.page.locator('[data-code="certificate.wrong_purpose"]').waitFor();
  await wrong.look('shown-wrong');
  await wrong.close();
  key.forget();
});

for (const language of ['kk', 'en']) {
  test(`4.1.5: both ways in ${language}`, async () => {
    const someone = town.person();
    const key = Key.open(someone.key, PASSWORD);
    const person = await visitor(town.browser, town.kabinet.url, { language, more: shows(key) });
    const { page } = person;
    await toTheDoor(person);
    await page.waitForURL(/\/sign-in\/shown\/[0-9a-f]{64}/);
    await person.look('this-is-you');
    await byPhone(page);
    await person.look('phone-waiting');
    const seen = await new Phone({ key, language }).scan(await code(page));
    assert.equal(seen.status, 200, seen.message);
    await page.locator('.certificate-owner').waitFor();
    await person.look('phone-this-is-you');
    await person.close();
    key.forget();
  });
}

test('4.1.5: without scripts the page comes again by itself, and a code that is over says so', async () => {
  const someone = town.person();
  const person = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[0], more: { javaScriptEnabled: false } });
  const { page } = person;
  await byPhone(page, { scripts: false });
  assert.equal(await page.locator('noscript meta[http-equiv="refresh"], meta[http-equiv="refresh"]').count(), 1);
  await withKey(someone.key, PASSWORD, (phone) => code(page).then((text) => phone.scan(text)));
  await page.goto('/sign-in/phone');
  await expect.text(page.locator('.certificate-owner'), new RegExp(someone.surname, 'i'));
  await byPhone(page, { scripts: false });
  const cancelled = await code(page);
  await page.locator('form[action="/sign-in/phone/cancel"] button').click();
  await page.waitForURL(/\/sign-in$/);
  const refused = await withKey(someone.key, PASSWORD, (phone) => phone.scan(cancelled));
  assert.equal(refused.status, 403);
  assert.match(refused.message, /отменён/);
  await page.goto('/sign-in/phone');
  await expect.text(page.locator('h1'), /Код больше не действует/);
  await person.context.close();
});

test('4.1.5: a key of the Kazakh authority signs by GOST', { skip: !existsSync(vectors) && `skipped: ${vectors} is absent` }, async (t) => {
  // a server of its own: the clock of the other never goes back
  const past = await Town.open({ extra });
  t.after(() => past.close());
  await past.kabinet.restart('SIGTERM', WITHIN_VALIDITY);
  const person = await visitor(past.browser, past.kabinet.url);
  const { page } = person;
  await byPhone(page);
  const key = await KazakhKey.open(file('individual_valid.p12'), 'Qwerty12', await moduleOf(past.kabinet.url));
  const seen = await new Phone({ key }).scan(await code(page));
  assert.equal(seen.status, 200, seen.message);
  key.forget();
  assert.match(await page.locator('.certificate').textContent(), /34\.10-2015/);
  await page.locator('form[action="/sign-in/phone/enter"] .button-primary').click();
  await page.waitForURL(/\/first-entry/);
  await person.close();
});
