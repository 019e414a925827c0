// 4.2, B-1 … B-15: both ways to one account, against a certified provider.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { enter, expect, prove, settle } from '../lib/person.mjs';
import { Provider, signInThere } from '../lib/provider.mjs';
import { Town } from '../lib/town.mjs';

const there = (family_name, given_name, middle_name, email) => ({ name: `${given_name} ${family_name}`, family_name, given_name, middle_name, email, email_verified: true });
const people = {};
for (const { name } of WIDTHS) {
  people[`own-${name}`] = there('Сейітқали', 'Әсем', 'Нұрланқызы', `own-${name}@state.example`);
  people[`came-${name}`] = there('Сейітқали', 'Әсем', 'Нұрланқызы', `came-${name}@state.example`);
  people[`mother-${name}`] = there('Ахметова', 'Гүлнар', 'Ерланқызы', `mother-${name}@state.example`);
}

const skip = !Provider.isInstalled() && process.env.KABINET_REQUIRE_PEERS !== '1' && 'oidc-provider is not installed (npm ci in tests/provider)';
let town;
let provider;
before(async () => {
  if (skip) return;
  town = await Town.open({ extra: async (kabinet) => {
    provider = await Provider.open(kabinet.url, people);
    return provider.section(kabinet.dir);
  } });
});
after(async () => { await town?.close(); provider?.close(); });

const submit = (page, selector) => page.locator(selector).first().click();

for (const size of WIDTHS) {
  test(`B-8 … B-15: linked in settings, entered by the provider, unlinked, ${size.name}`, { skip }, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await settle(page, town.kabinet, who.key, who.address);
    await page.goto('/profile/binding');
    await person.look('binding-before');
    await submit(page, 'form[action="/profile/identities/state/link"] button');
    await prove(page, who.key);
    await expect.path(page, /^\/profile\/binding/);
    await submit(page, 'form[action="/profile/identities/state/link"] button');
    await signInThere(page, `own-${size.name}`);
    await expect.path(page, /^\/profile\/linking/);
    await expect.text(page.locator('.identities'), /совпадает/);
    const offered = page.locator('input[name="contact"]');
    assert.equal(await offered.count(), 1);
    assert.equal(await offered.isChecked(), true, 'the additional place is empty');
    await person.look('linking');
    await offered.uncheck();
    await submit(page, '#confirm .button-primary');
    await expect.path(page, /done=linked$/);
    await expect.text(page.locator('main'), /Учётная запись привязана/);
    await person.look('binding-linked');
    const told = await town.kabinet.mail.to(who.address, (m) => /привязана учётная запись/i.test(m.subject + m.text));
    assert.match(told.text, /Это был не я/);

    await page.locator('form[action="/sign-out"] button').first().click();
    await page.goto('/sign-in/password');
    await person.look('sign-in-providers');
    await submit(page, 'form[action="/sign-in/provider/state"] button');
    await expect.path(page, /^\/cabinet/);
    assert.match(await page.locator('header .person').innerText(), /Сейітқали/);

    await page.goto('/profile/binding');
    await page.locator('details:has(form[action$="/unlink"]) > summary').click();
    await submit(page, 'form[action$="/unlink"] button');
    await prove(page, who.key);
    await page.locator('details:has(form[action$="/unlink"]) > summary').click();
    await submit(page, 'form[action$="/unlink"] button');
    await page.waitForLoadState();
    await page.goto('/sign-in');
    await submit(page, 'form[action="/sign-in/provider/state"] button');
    await expect.path(page, /^\/sign-in\/provider$/);
    await person.close();
  });

  test(`B-1 … B-6: from the provider to the account, another's name is marked, ${size.name}`, { skip }, async () => {
    const who = town.person();
    const first = await visitor(town.browser, town.kabinet.url, { size });
    await settle(first.page, town.kabinet, who.key, who.address);
    await first.close();

    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await submit(page, 'form[action="/sign-in/provider/state"] button');
    await signInThere(page, `mother-${size.name}`);
    await expect.path(page, /^\/sign-in\/provider$/);
    await expect.text(page.locator('main'), /Ахметова/);
    await person.look('not-linked');
    await submit(page, 'form[action="/sign-in/provider/account"] button');
    await expect.path(page, /^\/sign-in/);
    await expect.text(page.locator('main'), /Вы привязываете/);
    await person.look('sign-in-expected');
    await enter(page, who.key);
    // a signature to enter is none to link
    await prove(page, who.key);
    await expect.path(page, /^\/profile\/linking/);
    await expect.text(page.locator('.identities'), /отличается/);
    await person.look('linking-differs');
    await submit(page, '#confirm .button-primary');
    await expect.text(page.locator('[role="alert"]'), /Имена отличаются/);
    await person.look('linking-not-acknowledged');
    await submit(page, 'form[action="/profile/linking/cancel"] button');
    await expect.path(page, /^\/profile\/binding/);
    await person.close();
  });

  test(`OIDC-1, B-2.a: a foreign browser, a replay, a refusal there, ${size.name}`, { skip }, async () => {
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await submit(page, 'form[action="/sign-in/provider/state"] button');
    const back = [];
    page.on('request', (request) => { if (/\/callback\?/.test(request.url())) back.push(request.url()); });
    await signInThere(page, `came-${size.name}`);
    await expect.path(page, /^\/sign-in\/provider$/);
    await page.goto(back[0]);
    await expect.text(page.locator('main'), /уже принят/);
    await person.look('callback-used');

    const other = await visitor(town.browser, town.kabinet.url, { size });
    await other.page.goto('/sign-in');
    await submit(other.page, 'form[action="/sign-in/provider/state"] button');
    await other.page.waitForURL(/127\.0\.0\.1/);
    const cancel = other.page.locator('a', { hasText: /cancel/i });
    await Promise.all([other.page.waitForURL(/localhost/), cancel.click()]);
    await expect.text(other.page.locator('h1'), /./);
    await other.look('declined');
    await other.close();
    await person.close();
  });
}
