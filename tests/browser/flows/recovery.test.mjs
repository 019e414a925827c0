// 4.10.2, LNK-2, LNK-3, PWD-5, PWD-8: back into an account whose usual way in is lost.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { enter, expect, prove, saveContacts, settle, signRequest } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => { town = await Town.open(); });
after(() => town?.close());

const NEW = 'ласточка-гранит-93-ветер';
const submit = (page) => page.locator('main .button-primary').click();
const begin = async (page, login) => {
  await page.locator('#login').fill(login);
  await submit(page);
  await expect.path(page, /^\/recover\/code/);
};

/** The newest code to an address that was sent after `before` letters. */
const code = (before, address) => town.kabinet.mail.code(address, before);

async function giveCode(page, digits) {
  await page.locator('#code').fill(digits);
  await submit(page);
}

/** Adds a second e-mail and confirms it by the code of the real letter. */
async function addSecondEmail(page, key, address) {
  await page.goto('/profile/contacts');
  await page.locator('#extra_email').fill(address);
  await saveContacts(page, key);
  await page.locator('#extra_email-code').fill(await town.kabinet.mail.code(address));
  await page.locator('button[form="extra_email-confirm"]').click();
  await page.waitForLoadState();
}

for (const size of WIDTHS) {
  test(`4.10.2, LNK-2: two contacts, a new password, a lost key goes, ${size.name}`, async () => {
    const who = town.person();
    const former = await visitor(town.browser, town.kabinet.url, { size });
    await settle(former.page, town.kabinet, who.key, who.address);
    const second = `second-${who.address}`;
    await addSecondEmail(former.page, who.key, second);

    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in/password');
    await person.look('sign-in-with-a-way-back');
    await page.getByRole('link', { name: 'Забыли пароль?' }).click();
    await expect.path(page, /^\/recover$/);
    await person.look('recover');
    await page.locator('#login').fill('не адрес');
    await submit(page);
    await expect.text(page.locator('#login-error'), /./);
    await person.look('recover-mistake');

    const before = town.kabinet.mail.all().length;
    await begin(page, who.address);
    await person.look('recover-code');
    await giveCode(page, '00000x');
    await page.locator('[data-code="recovery.code_wrong"]').waitFor();
    await person.look('recover-code-wrong');
    await page.goto('/recover/password');
    await expect.path(page, /^\/recover\/code/, 'PWD-8');
    await giveCode(page, await code(before, who.address));

    await expect.path(page, /^\/recover\/proof/);
    await person.look('recover-proof');
    const again = town.kabinet.mail.all().length;
    await page.locator('form[action="/recover/contact"] button').click();
    await expect.path(page, /^\/recover\/code/);
    await person.look('recover-code-second');
    await giveCode(page, await code(again, second));

    await expect.path(page, /^\/recover\/password/);
    await person.look('recover-password');
    await page.locator('#password').fill('короткий');
    await submit(page);
    await expect.text(page.locator('#password-error'), /./);
    await page.locator('#password').fill(NEW);
    await submit(page);
    await expect.path(page, /^\/recover\/methods/);
    await person.look('recover-methods');
    await former.page.goto('/cabinet');
    await expect.path(former.page, /^\/signed-out/, 'LNK-2');
    for (const address of [who.address, second]) {
      await town.kabinet.mail.to(address, (mail) => mail.subject.includes('восстановлен'));
    }

    await page.locator('input[name="remove"]').check();
    await submit(page);
    await expect.path(page, /^\/profile\/binding/);
    await page.locator('[role=status]').first().waitFor();
    await person.look('recovered');
    await former.page.goto('/sign-in');
    await signRequest(former.page, who.key);
    await former.page.locator('[data-part="ready"] .button-primary').click();
    await former.page.locator('[data-code="certificate.removed"]').waitFor();
    await former.close();
    await person.close();
  });

  test(`SES-5: one contact is not enough beside a key, and the page says whom to ask, ${size.name}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await settle(page, town.kabinet, who.key, who.address);
    await page.locator('form[action="/sign-out"] button').first().click();
    await page.goto('/recover');
    const before = town.kabinet.mail.all().length;
    await begin(page, who.address);
    await giveCode(page, await code(before, who.address));
    await expect.path(page, /^\/recover\/proof/);
    assert.equal(await page.locator('main form').count(), 0);
    await person.look('recover-stuck');
    await page.locator('main .button-primary').click();
    await expect.path(page, /^\/sign-in/);
    await person.close();
  });

  test(`4.10.2: who still has a key ends what was before by a fresh proof, ${size.name}`, async () => {
    const who = town.person();
    const stranger = await visitor(town.browser, town.kabinet.url, { size });
    await settle(stranger.page, town.kabinet, who.key, who.address);
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await page.getByRole('link', { name: 'Не могу войти' }).click();
    await page.getByRole('link', { name: 'Войти по ЭЦП' }).click();
    await enter(page, who.key);
    await expect.path(page, /^\/recover\/finish/);
    await person.look('recover-finish');
    await submit(page);
    await prove(page, who.key);
    await expect.path(page, /^\/recover\/finish/);
    await submit(page);
    await expect.path(page, /^\/recover\/methods/);
    await person.look('recover-methods-proven');
    await stranger.page.goto('/cabinet');
    await expect.path(stranger.page, /^\/signed-out/);
    await stranger.close();
    await person.close();
  });
}

test('PWD-5: an unknown address is answered the same, and gets no letter', async () => {
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await page.goto('/recover');
  const before = town.kabinet.mail.all().length;
  await begin(page, 'nobody@example.kz');
  await expect.text(page.locator('main'), /Если для «nobody@example.kz» есть кабинет/);
  await giveCode(page, '123456');
  await page.locator('[data-code="recovery.code_wrong"]').waitFor();
  assert.equal(town.kabinet.mail.all().length, before);
  await person.close();
});
