// A-8 … A-13 and 4.4: the first entry, and contacts that come into force when confirmed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { enter, expect, saveContacts, settle } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => { town = await Town.open(); });
after(() => town?.close());

const link = (text, path) => new RegExp(`https?://[^\\s<>"]*/${path}/[^\\s<>"]+`).exec(text)[0];

for (const size of WIDTHS) {
  test(`A-8: the first entry asks for an address, lets one mend it, and resumes tomorrow, ${size.name}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await enter(page, who.key);
    await page.waitForURL(/\/first-entry/);
    await page.locator('#email').fill('не адрес');
    await page.locator('main .button-primary').click();
    await expect.text(page.locator('#email-error'), /./);
    assert.equal(await page.locator('#email').inputValue(), 'не адрес', 'what was typed is kept');
    await person.look('first-entry-mistake');
    await page.locator('#email').fill(`typo-${who.address}`);
    await page.locator('main .button-primary').click();
    await page.waitForURL(/\/first-entry\/code/);
    await person.look('first-entry-code');
    await page.locator('#code').fill('000000');
    await page.locator('main .button-primary').click();
    await expect.text(page.locator('main'), /код/i);
    await person.look('first-entry-wrong-code');
    await page.locator('form[action="/sign-out"] button').first().click();
    await town.kabinet.restart('SIGTERM');

    await page.goto('/sign-in');
    await enter(page, who.key);
    await expect.path(page, /^\/first-entry/);
    await page.goto('/first-entry');
    await page.locator('#email').fill(who.address);
    await page.locator('main .button-primary').click();
    await page.waitForURL(/\/first-entry\/code/);
    await page.locator('#code').fill(await town.kabinet.mail.code(who.address));
    await page.locator('main .button-primary').click();
    await page.waitForURL(/\/cabinet/);
    await person.close();
  });
}

test('A-8.a, MSG-1: the link of the letter confirms by a button, never by being opened', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await enter(page, who.key);
  await page.locator('#email').fill(who.address);
  await page.locator('main .button-primary').click();
  const letter = await town.kabinet.mail.to(who.address);
  const address = link(letter.text, 'confirm');
  for (let n = 0; n < 10; n += 1) assert.ok((await fetch(address)).ok, 'scanners may look');
  await page.goto('/cabinet');
  await expect.path(page, /^\/first-entry/);
  await page.goto(address);
  await person.look('confirm-link');
  await page.locator('main form .button-primary').click();
  await expect.text(page.locator('main'), /Адрес подтверждён[\s\S]*@example\.kz/);
  await person.look('confirm-done');
  await page.goto(address);
  await expect.text(page.locator('h1'), /./);
  await person.look('confirm-used');
  await page.goto('/cabinet');
  await expect.path(page, /^\/cabinet/);
  await person.close();
});

for (const size of WIDTHS) {
  test(`A-9 … A-12: contacts are edited, confirmed, and the old address hears of it, ${size.name}`, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await settle(page, town.kabinet, who.key, who.address);
    await page.getByRole('link', { name: /Сейітқали/i }).first().click();
    await expect.path(page, /^\/profile\/contacts/);
    assert.equal(await page.locator('#email').inputValue(), who.address);
    await person.look('contacts');

    await page.locator('#phone').fill('');
    await page.locator('#phone').pressSequentially('87075555555');
    await page.locator('#extra_phone, #extra-phone').first().focus();
    await page.locator('#email').fill(`new-${who.address}`);
    await saveContacts(page, who.key);
    await expect.text(page.locator('main'), /Ждёт подтверждения/);
    await expect.text(page.locator('main'), /\+7 \(?707\)? 555[- ]55[- ]?55/);
    assert.equal(await page.locator('#email').inputValue(), who.address, 'A-12.a: the old one stays in force');
    assert.equal(await page.locator('#extra_phone, #extra-phone').first().inputValue().then((v) => v.replace(/[^0-9]/g, '').replace(/^7$/, '')), '', 'A-11.b: the empty mask is no number');
    await person.look('contacts-pending');
    const told = await town.kabinet.mail.to(who.address, (m) => /undo/.test(m.text) && /@/.test(m.text.replace(/https?:\S+/g, '')));
    assert.match(told.html, /undo/);

    await town.kabinet.restart('SIGKILL');
    await page.goto('/profile/contacts');
    await expect.text(page.locator('main'), /Ждёт подтверждения/);
    await page.locator('#email-code').fill(await town.kabinet.mail.code(`new-${who.address}`));
    await page.locator('button[form="email-confirm"]').click();
    await expect.text(page.locator('main'), /Подтверждено/);
    assert.equal(await page.locator('#email').inputValue(), `new-${who.address}`);
    await person.look('contacts-confirmed');

    await page.locator('button[form="phone-cancel"]').click();
    await expect.text(page.locator('main'), /Изменение отменено/);

    await page.goto(link(told.text, 'undo'));
    await person.look('undo');
    await page.locator('main form .button-primary').click();
    await expect.text(page.locator('main'), /Прежний контакт снова действует[\s\S]*@example\.kz/);
    await person.look('undo-done');
    await page.goto('/cabinet');
    await expect.path(page, /^\/sign-in/);
    await person.close();
  });
}

test('A-11: mistakes are named at their fields, and what was typed is kept', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[0] });
  const { page } = person;
  await settle(page, town.kabinet, who.key, who.address);
  await page.goto('/profile/contacts');
  const extra = page.locator('[name="extra_email"], [name="extra-email"]').first();
  await extra.fill(who.address);
  await page.locator('#phone').fill('+7 707 5');
  await saveContacts(page, who.key);
  await expect.text(page.locator('#phone-error'), /./);
  assert.match(await page.locator('#phone').inputValue(), /707/);
  assert.equal(await extra.inputValue(), who.address);
  await person.look('contacts-mistakes');
  await person.close();
});

test('A-12.c: two tabs never overwrite each other silently', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await settle(page, town.kabinet, who.key, who.address);
  await page.goto('/profile/contacts');
  const other = await person.context.newPage();
  await other.goto('/profile/contacts');
  await other.locator('#phone').fill('+77011112233');
  await saveContacts(other, who.key);
  await expect.text(other.locator('main'), /Ждёт подтверждения/);
  await page.locator('#phone').fill('+77019998877');
  await saveContacts(page, who.key);
  await expect.text(page.locator('h1'), /изменились, пока вы их редактировали/);
  await expect.text(page.locator('main'), /999[- ]88[- ]?77/);
  await person.look('contacts-conflict');
  await person.close();
});

test('A-8.c: an address that belongs to somebody is not revealed; its owner is told', async () => {
  const owner = town.person();
  const first = await visitor(town.browser, town.kabinet.url);
  await settle(first.page, town.kabinet, owner.key, owner.address);
  await first.close();
  const other = town.person();
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  const before = town.kabinet.mail.all().length;
  await page.goto('/sign-in');
  await enter(page, other.key);
  await page.locator('#email').fill(owner.address.toUpperCase());
  await page.locator('main .button-primary').click();
  await page.waitForURL(/\/first-entry\/code/);
  await town.kabinet.mail.to(owner.address, () => town.kabinet.mail.all().length > before);
  const told = town.kabinet.mail.all().slice(before).find((m) => m.to.some((to) => to.toLowerCase() === owner.address));
  assert.doesNotMatch(told.text, /\b\d{6}\b/, 'no code goes to the owner of the address');
  await person.close();
});

test('A-13: support stands in the same place on every page', async () => {
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  for (const path of ['/', '/sign-in', '/sign-in/password', '/help', '/help/certificate', '/accessibility', '/nothing-here', '/confirm/unknown', '/undo/unknown']) {
    await page.goto(path);
    await expect.text(page.locator('footer'), /1308[\s\S]*support@example\.kz/);
    await person.look(`page${path.replaceAll('/', '-')}`);
  }
  await person.close();
});

test('4.4.3: a stale session proves itself again, and nothing typed is lost', async () => {
  const who = town.person();
  const person = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[0] });
  const { page } = person;
  await settle(page, town.kabinet, who.key, who.address);
  await page.goto('/profile/contacts');
  await town.kabinet.restart('SIGTERM', '+6m');
  await page.locator('#phone').fill('+77055556677');
  await page.getByRole('button', { name: 'Сохранить контакты' }).click();
  await expect.path(page, /^\/step-up/);
  await person.look('step-up');
  await enter(page, who.key);
  await expect.path(page, /^\/profile\/contacts/);
  assert.match((await page.locator('#phone').inputValue()).replace(/\D/g, ''), /77055556677/);
  await person.look('contacts-after-step-up');
  await saveContacts(page, who.key);
  await expect.text(page.locator('main'), /Ждёт подтверждения/);
  await person.close();
});
