// The whole path once in Kazakh and once in English, light and dark, phone and desktop.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { expect, giveEmail, lookAtKey, saveContacts } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => { town = await Town.open(); });
after(() => town?.close());

for (const [language, size] of [['kk', WIDTHS[0]], ['en', WIDTHS[1]]]) {
  test(`3.3: the whole path in ${language}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size, language });
    const { page } = person;
    await page.goto('/');
    await person.look('start');
    await page.locator('a[href="/sign-in"]').first().click();
    await lookAtKey(page, who.key);
    await person.look('key-opened');
    await page.locator('[data-act="sign"]').click();
    await page.locator('#key-dialog[data-state="signed"]').waitFor();
    await person.look('key-signed');
    await page.locator('[data-part="ready"] .button-primary').click();
    await page.waitForURL(/\/first-entry/);
    await person.look('first-entry');
    await giveEmail(page, town.kabinet.mail, who.address);
    await person.look('home');
    const letter = await town.kabinet.mail.to(who.address);
    assert.doesNotMatch(letter.text, /Здравствуйте/, 'letters are in the language of the person');
    await page.goto('/profile/contacts');
    await person.look('contacts');
    await page.locator('#phone').fill('87075555555');
    await saveContacts(page, who.key);
    await page.locator('.pending').first().waitFor();
    await person.look('contacts-pending');
    await page.goto('/profile/binding');
    await person.look('binding');
    await page.goto('/profile/password');
    await person.look('password');
    for (const path of ['/help', '/help/certificate', '/accessibility', '/nothing-here']) {
      await page.goto(path);
      await person.look(`page${path.replaceAll('/', '-')}`);
    }
    await page.goto('/cabinet');
    await page.locator('form[action="/sign-out"] button').first().click();
    await page.waitForURL(/\/signed-out/);
    await person.look('signed-out');
    await page.goto('/sign-in/password');
    await person.look('sign-in-password');
    await person.close();
  });
}

test('the language is chosen on any page and kept', async () => {
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await page.goto('/help');
  await page.locator('button[name="language"][value="kk"]').click();
  await expect.path(page, /^\/help/);
  assert.equal(await page.locator('html').getAttribute('lang'), 'kk');
  await page.goto('/sign-in');
  assert.equal(await page.locator('html').getAttribute('lang'), 'kk');
  await person.close();
});

test('look: dark, print, reflow at 320 px and 200 % text', async () => {
  const person = await visitor(town.browser, town.kabinet.url, { size: { name: 'small', width: 320, height: 640 } });
  const { page } = person;
  for (const path of ['/', '/sign-in', '/sign-in/password', '/help']) {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(path);
    await person.look(`dark${path.replaceAll('/', '-')}`);
    await page.emulateMedia({ colorScheme: 'light', media: 'print' });
    await person.look(`print${path.replaceAll('/', '-')}`);
    await page.emulateMedia({ media: 'screen' });
  }
  await person.close();
});
