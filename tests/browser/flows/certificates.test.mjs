// D-7 … D-9, 4.3: a new certificate is added after a proof; a renewal is prepared; an ended key leads to the ways that work.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { expect } from '../lib/expect.mjs';
import { enter } from '../lib/person.mjs';
import { Town } from '../lib/town.mjs';

let town;
before(async () => {
  town = await Town.open({ extra: 'new_certificate = "prove"\nnewcomer = "ask"\n' });
});
after(() => town?.close());

/** Somebody who registered with their first key. */
async function resident(person, language = 'ru') {
  const first = await visitor(town.browser, town.kabinet.url, { size: WIDTHS[1], language });
  await first.page.goto('/sign-in');
  await enter(first.page, person.key);
  await expect.path(first.page, /^\/new-certificate/);
  await Promise.all([first.page.waitForURL(/first-entry/), first.page.locator('form[action$="/register"] button').click()]);
  await first.page.locator('#email').fill(person.address);
  await first.page.locator('main .button-primary').click();
  await first.page.waitForURL(/\/first-entry\/code/);
  await first.page.locator('#code').fill(await town.kabinet.mail.code(person.address));
  await first.page.locator('main .button-primary').click();
  await first.page.waitForURL(/\/cabinet/);
  return first;
}

const flows = [...WIDTHS.map((size) => ({ size, language: 'ru' })), { size: WIDTHS[0], language: 'kk' }, { size: WIDTHS[0], language: 'en' }];

for (const { size, language } of flows) {
  const label = `${language}-${size.name}`;

  test(`4.3.1, D-8: the old key adds the new one, ${label}`, async () => {
    const person = town.person();
    const renewed = town.authority.keyFile(`${person.name}-new`, person);
    await (await resident(person, language)).close();
    const seen = await visitor(town.browser, town.kabinet.url, { size, language });
    const { page } = seen;
    await page.goto('/sign-in');
    await enter(page, renewed);
    await expect.path(page, /^\/new-certificate/);
    await seen.look('unknown-certificate');
    assert.ok(!(await page.content()).includes(person.address), 'D-7.d: nothing is said of the account');
    await page.locator('a[href="/new-certificate/organisation"]').click();
    await seen.look('unknown-certificate-organisation');
    await page.locator('main .button-primary').click();
    await page.locator('a[href="/new-certificate/code"]').click();
    await seen.look('unknown-certificate-code');
    await page.goto('/sign-in');
    await seen.look('unknown-certificate-proof');
    await enter(page, person.key);
    await expect.path(page, /^\/profile\/certificates/);
    assert.equal(await page.locator('.certificate').count(), 2, 'D-8.d: both stay');
    await seen.look('certificates-added');
    const told = await town.kabinet.mail.to(person.address, (m) => /сертификат|certificate/i.test(m.subject));
    assert.match(told.text, /\/not-me\//);
    await page.locator('form[action$="/default"] button').click();
    await expect.path(page, /done=chosen/);
    await seen.close();
  });

  test(`4.3.3, D-8.f: renewal ahead of time, ${label}`, async () => {
    const person = town.person();
    const renewed = town.authority.keyFile(`${person.name}-new`, person);
    await (await resident(person, language)).close();
    const seen = await visitor(town.browser, town.kabinet.url, { size, language });
    const { page } = seen;
    await page.goto('/sign-in?return_to=/profile/renewals/new');
    await enter(page, person.key);
    await expect.path(page, /^\/profile\/renewals\/new/);
    await seen.look('renewal-new');
    await page.locator('#certificate-file').setInputFiles(renewed);
    await page.locator('#certificate-file-error:not([hidden])').waitFor();
    assert.equal(await page.locator('#certificate').inputValue(), '', 'D-14.a: a key file goes nowhere');
    await seen.look('renewal-private-key');
    await page.locator('#certificate-file').setInputFiles(renewed.replace(/p12$/, 'pem'));
    await page.locator('main .button-primary').click();
    await expect.path(page, /^\/profile\/renewals\/sign/);
    await seen.look('renewal-sign');
    await enter(page, person.key);
    await expect.path(page, /done=prepared/);
    await seen.look('renewal-prepared');
    const later = await visitor(town.browser, town.kabinet.url, { size, language });
    await later.page.goto('/sign-in');
    await enter(later.page, renewed);
    await expect.path(later.page, /^\/cabinet/);
    await later.close();
    await seen.close();
  });
}

for (const size of WIDTHS) {
  test(`D-8.b: the certificate of somebody else stops with a way out, ${size.name}`, async () => {
    const [mine, other] = [town.person(), town.person('Ахметова', 'Дана')];
    await (await resident(mine)).close();
    const seen = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = seen;
    await page.goto('/sign-in');
    await enter(page, other.key);
    await expect.path(page, /^\/new-certificate/);
    await seen.look('unknown-certificate-newcomer');
    await page.goto('/sign-in?return_to=/new-certificate');
    await enter(page, mine.key);
    await page.locator('[data-code="certificate.person_id_differs"]').waitFor();
    await seen.look('unknown-certificate-stopped');
    await seen.close();
  });

  test(`a key that has ended leads to the ways that work, ${size.name}`, async () => {
    const seen = await visitor(town.browser, town.kabinet.url, { size });
    await seen.page.goto('/sign-in/ended');
    await seen.look('sign-in-ended');
    await seen.page.locator('main a.button-primary').click();
    await expect.path(seen.page, /^\/sign-in\/password/);
    await seen.close();
  });
}
