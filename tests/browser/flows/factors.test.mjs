// 4.1.6, risk 2, PKY-1, OTP-1: the second step, recovery codes, passkeys.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { code, Device } from '../lib/factor.mjs';
import { expect, prove, settle } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => { town = await Town.open(); });
after(() => town?.close());

const PASSWORD = 'тихая-гроза над Медеу';
const submit = (page) => page.locator('main .button-primary').click();
const leave = (page) => page.locator('form[action="/sign-out"] button').first().click();

async function setPassword(page, key) {
  await page.goto('/profile/password');
  await prove(page, key);
  await page.locator('#password').fill(PASSWORD);
  await submit(page);
  await expect.path(page, /^\/profile\/binding/);
}

async function byPassword(page, login) {
  await page.goto('/sign-in/password');
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(PASSWORD);
  await page.locator('form[action="/sign-in/password"] .button-primary').click();
}

/** Connects an app; gives its secret and the codes of the sheet. */
async function connectApp(person) {
  const { page } = person;
  await page.goto('/profile/binding');
  await page.locator('form[action="/profile/totp"] button').click();
  await page.locator('.qr').waitFor();
  await page.locator('main summary').click();
  const secret = await page.locator('#secret').innerText();
  await person.look('totp');
  await page.locator('#code').fill(code(secret));
  await submit(page);
  await page.locator('.codes').waitFor();
  await person.look('recovery-codes');
  const sheet = await page.locator('.codes code').allInnerTexts();
  await submit(page);
  await expect.path(page, /done=totp-set/);
  return { secret, sheet };
}

async function addPasskey(page, name) {
  await page.goto('/profile/passkeys/new');
  await page.locator('#name').fill(name);
  await submit(page);
}

const withPasskey = (page) => page.locator('form[action="/sign-in/passkey"] button').click();

for (const size of WIDTHS) {
  test(`4.1.6, OTP-1: an app with codes and the sheet, ${size.name}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await settle(page, town.kabinet, who.key, who.address);
    await setPassword(page, who.key);
    const { secret, sheet } = await connectApp(person);
    assert.equal(sheet.length, 10);
    await person.look('binding-factors');
    await leave(page);

    await byPassword(page, who.iin);
    await expect.path(page, /^\/second-factor/);
    await person.look('second-factor');
    await page.locator('#code').fill('000000');
    await submit(page);
    await page.locator('[data-code="second_factor.wrong"]').waitFor();
    await person.look('second-factor-wrong');
    await page.locator('#code').fill(code(secret, 1));
    await submit(page);
    await expect.path(page, /^\/cabinet/);
    await leave(page);

    await byPassword(page, who.iin);
    await page.locator('a[href*="way=recovery-code"]').click();
    await person.look('second-factor-sheet');
    await page.locator('#code').fill(sheet[0].toLowerCase());
    await submit(page);
    await expect.path(page, /^\/cabinet/);
    await town.kabinet.mail.to(who.address, (m) => /резервный код/i.test(m.subject));
    await page.goto('/cabinet');
    await leave(page);

    await byPassword(page, who.iin);
    await page.goto('/cabinet');
    await expect.path(page, /^\/sign-in/);
    await person.close();
  });

  test(`4.1.6: a passkey is added, opens, is renamed and removed, ${size.name}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await Device.attach(page);
    await settle(page, town.kabinet, who.key, who.address);
    const own = (await page.locator('header .person').innerText()).trim();
    await page.goto('/profile/passkeys/new');
    await prove(page, who.key);
    await expect.path(page, /^\/profile\/passkeys\/new/);
    await person.look('passkey-new');
    await page.locator('#name').fill('Рабочий ноутбук');
    await submit(page);
    await page.locator('.codes').waitFor();
    await submit(page);
    await expect.path(page, /done=passkey-bound/);
    await expect.text(page.locator('section[aria-labelledby="ways"]'), /Рабочий ноутбук/);
    await town.kabinet.mail.to(who.address, (m) => /ключ доступа/i.test(m.subject));
    await person.look('binding-passkey');
    await leave(page);

    await page.goto('/sign-in/password');
    await person.look('sign-in-passkey');
    await withPasskey(page);
    await expect.path(page, /^\/cabinet/);
    assert.equal((await page.locator('header .person').innerText()).trim(), own);

    await page.goto('/profile/binding');
    await page.locator('form[action$="/rename"]').locator('..').locator('summary').click();
    await page.locator('form[action$="/rename"] input[name="name"]').fill('Планшет');
    await page.locator('form[action$="/rename"] button').click();
    await prove(page, who.key);
    await page.locator('form[action$="/rename"]').locator('..').locator('summary').click();
    await page.locator('form[action$="/rename"] input[name="name"]').fill('Планшет');
    await page.locator('form[action$="/rename"] button').click();
    await expect.text(page.locator('section[aria-labelledby="ways"]'), /Планшет/);
    await page.locator('form[action$="/rename"]').locator('..').locator('summary').click();
    await page.locator('form[action^="/profile/passkeys/"][action$="/remove"] button').click();
    await page.goto('/cabinet');
    await expect.path(page, /^\/signed-out|^\/sign-in/);
    await page.goto('/sign-in/password');
    await withPasskey(page);
    await page.locator('[data-code="passkey.unknown"]').waitFor();
    await person.close();
  });
}

test('4.1.6: a passkey is the second step after a password', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await Device.attach(page);
  await settle(page, town.kabinet, who.key, who.address);
  await setPassword(page, who.key);
  await addPasskey(page, 'Телефон');
  await page.locator('.codes').waitFor();
  await leave(page);
  await byPassword(page, who.iin);
  await expect.path(page, /^\/second-factor/);
  await person.look('second-factor-passkey');
  await page.locator('form[action="/second-factor/passkey"] button').click();
  await expect.path(page, /^\/cabinet/);
  await person.close();
});

test('PKY-1: no verification, a replayed answer, another origin, a key of another user', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  const device = await Device.attach(page);
  await settle(page, town.kabinet, who.key, who.address);
  await page.goto('/profile/passkeys/new');
  await prove(page, who.key);
  await addPasskey(page, 'Ноутбук');
  await page.locator('.codes').waitFor();
  await leave(page);

  await device.verifies(false);
  await page.goto('/sign-in/password');
  await withPasskey(page);
  await expect.text(page.locator('form[action="/sign-in/passkey"] [data-said].error'), /./);
  await device.verifies(true);

  // the answer of one sign-in, sent again
  await page.goto('/sign-in/password');
  const sent = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/sign-in/passkey'));
  await withPasskey(page);
  const credential = new URLSearchParams((await sent).postData()).get('credential');
  await expect.path(page, /^\/cabinet/);
  await leave(page);
  await page.goto('/sign-in/password');
  await post(page, credential);
  await page.locator('[data-code="passkey.challenge_gone"]').waitFor();

  // a page of another origin asks the same device for a challenge of ours
  const other = createServer((_, answer) => { answer.setHeader('content-type', 'text/html'); answer.end('<title>other</title>'); });
  await new Promise((resolve) => { other.listen(0, 'localhost', resolve); });
  await page.goto('/sign-in/password');
  const options = await page.evaluate(async () => {
    const token = document.querySelector("meta[name='csrf-token']").content;
    const answer = await fetch('/sign-in/passkey/challenge', { method: 'POST', headers: { 'content-type': 'application/json', 'x-csrf-token': token }, body: '{}' });
    return answer.json();
  });
  await page.goto(`http://localhost:${other.address().port}/`);
  const stolen = await page.evaluate(async (asked) => {
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    const { rawId, response } = await navigator.credentials.get({ publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: [] } });
    return JSON.stringify({ rawId: text(rawId), response: { clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData), signature: text(response.signature), userHandle: text(response.userHandle) } });
  }, options);
  other.close();
  await page.goto('/sign-in/password');
  await post(page, stolen);
  await page.locator('[data-code="passkey.wrong_origin"]').waitFor();

  // the same key, said to be somebody else's
  const [mine] = await device.keys();
  const strange = await visitor(town.browser, town.kabinet.url);
  const thief = await Device.attach(strange.page);
  await thief.add({ ...mine, userHandle: Buffer.from('another user 123').toString('base64') });
  await strange.page.goto('/sign-in/password');
  await withPasskey(strange.page);
  await strange.page.locator('[data-code="passkey.unknown"]').waitFor();
  await strange.close();
  await person.close();
});

/** Sends an answer that no device gave to this page. */
async function post(page, credential) {
  await page.evaluate((value) => {
    const form = document.querySelector('form[action="/sign-in/passkey"]');
    form.elements.credential.value = value;
    form.submit();
  }, credential);
}
