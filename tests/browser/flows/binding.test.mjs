// 4.1.6, 4.10.1: the second way in, sessions, certificates and history.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { enter, expect, prove, settle } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => { town = await Town.open(); });
after(() => town?.close());

const PASSWORD = 'тихая-гроза над Медеу';

/** Sets a password; the first time in a session a fresh proof is asked for. */
async function setPassword(page, key, text = PASSWORD) {
  await page.goto('/profile/password');
  if (/step-up/.test(page.url())) await prove(page, key);
  await page.locator('#password').fill(text);
  await page.locator('main .button-primary').click();
  await page.waitForLoadState();
  if (!/step-up/.test(page.url())) return;
  await prove(page, key);
  await page.locator('#password').fill(text);
  await page.locator('main .button-primary').click();
}

async function byPassword(page, login, password = PASSWORD) {
  await page.goto('/sign-in/password');
  await page.locator('#login').fill(login);
  await page.locator('#password').fill(password);
  await page.locator('main .button-primary').click();
}

for (const size of WIDTHS) {
  test(`A-2, 4.1.6: certificate and password open the same account, ${size.name}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await settle(page, town.kabinet, who.key, who.address);
    await page.goto('/profile/binding');
    await expect.text(page.locator('main'), /Сейітқали/i);
    await expect.text(page.locator('main'), /ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ/);
    await person.look('binding');

    await setPassword(page, who.key, '123456789012');
    await expect.text(page.locator('#password-error'), /./);
    await person.look('password-weak');
    await setPassword(page, who.key);
    await expect.path(page, /^\/profile\/binding/);
    await town.kabinet.mail.to(who.address, (m) => /парол/i.test(m.subject + m.text));

    const own = (await page.locator('header .person').innerText()).trim();
    await page.locator('form[action="/sign-out"] button').first().click();
    await person.look('signed-out');
    for (const login of [who.iin, `${who.iin.slice(0, 6)} ${who.iin.slice(6)}`, who.address.toUpperCase()]) {
      await byPassword(page, login);
      await expect.path(page, /^\/cabinet/);
      assert.equal((await page.locator('header .person').innerText()).trim(), own);
      await page.locator('form[action="/sign-out"] button').first().click();
    }
    await person.close();
  });

  test(`A-2.b, A-2.d: a wrong password, an unknown person and a mistyped IIN, ${size.name}`, async () => {
    const who = town.person();
    const first = await visitor(town.browser, town.kabinet.url, { size });
    await settle(first.page, town.kabinet, who.key, who.address);
    await setPassword(first.page, who.key);
    await first.close();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in/password');
    await person.look('sign-in-password');
    await byPassword(page, who.iin, 'совсем другой пароль');
    await expect.text(page.locator('main'), /парол/i);
    const known = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
    await person.look('password-wrong');
    await byPassword(page, town.person().iin, 'совсем другой пароль');
    const unknown = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
    const plain = (text) => text.replace(/[0-9A-Z]{6,}/gi, '…');
    assert.equal(plain(unknown), plain(known), 'the same answer for both');
    await byPassword(page, '850312401011', 'совсем другой пароль');
    await expect.text(page.locator('main'), /опечатка/);
    await person.close();
  });
}

test('SES-2: sessions are seen and ended, one and all', async () => {
  const who = town.person();
  const here = await visitor(town.browser, town.kabinet.url);
  await settle(here.page, town.kabinet, who.key, who.address);
  const others = [];
  for (let n = 0; n < 2; n += 1) {
    const other = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[0] });
    await other.page.goto('/sign-in');
    await enter(other.page, who.key);
    await expect.path(other.page, /^\/cabinet/);
    others.push(other);
  }
  await town.kabinet.mail.to(who.address, (m) => /вход|устройств/i.test(m.subject));
  const { page } = here;
  await page.goto('/profile/binding');
  assert.equal(await page.locator('form[action^="/profile/sessions/"][action$="/end"]').count(), 2);
  await here.look('binding-sessions');
  await page.locator('form[action^="/profile/sessions/"][action$="/end"] button').first().click();
  await expect.path(page, /^\/profile\/binding/);
  assert.equal(await page.locator('form[action^="/profile/sessions/"][action$="/end"]').count(), 1);
  await page.locator('form[action="/profile/sessions/end-others"] button').click();
  await expect.path(page, /^\/profile\/binding/);
  for (const other of others) {
    await other.page.goto('/cabinet');
    await expect.path(other.page, /^\/signed-out\?reason=ended/);
    await other.close();
  }
  await page.goto('/cabinet');
  await expect.path(page, /^\/cabinet/);
  await here.close();
});

test('WEB-6: back after sign-out shows nothing', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await settle(page, town.kabinet, who.key, who.address);
  await page.goto('/profile/contacts');
  await page.locator('form[action="/sign-out"] button').first().click();
  await expect.path(page, /^\/signed-out/);
  await page.evaluate(() => history.back());
  await expect.path(page, /^\/sign-in|^\/signed-out/);
  assert.doesNotMatch(await page.locator('body').innerText(), /Сейітқали/i);
  await person.close();
});

test('A-6.a: the certificate is found in the profile with all its data and how it was bound', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await settle(page, town.kabinet, who.key, who.address);
  await page.goto('/profile/binding');
  await page.locator('li:has(.certificate) > div > details > summary').first().click();
  const card = page.locator('.certificate').first();
  await expect.text(card, /СЕЙІТҚАЛИ ӘСЕМ/i);
  await expect.text(card, /\d\d\.\d\d\.\d{4}.*\d\d:\d\d/s);
  await expect.text(card, /RSA/);
  await person.close();
});
