// B-7, B-7.c, 4.2.5: what an organisation offers beside passwords of our own: its directory (LDAP) and the
// mobile signature with a button of its own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WIDTHS, visitor } from '../lib/browser.mjs';
import { Directory, NETWORK_PASSWORD } from '../lib/directory.mjs';
import { binary } from '../lib/kabinet.mjs';
import { enter, expect, prove, settle } from '../lib/person.mjs';
import { Provider, signInThere } from '../lib/provider.mjs';
import { Town } from '../lib/town.mjs';

const required = process.env.KABINET_REQUIRE_PEERS === '1';
const missing = (Peer, how) => !Peer.isInstalled() && !required && how;
const skip = missing(Directory, 'slapd is not installed') || missing(Provider, 'oidc-provider is not installed');

const names = WIDTHS.map(({ name }) => name);
const there = { name: 'Әсем Сейітқали', family_name: 'Сейітқали', given_name: 'Әсем', middle_name: 'Нұрланқызы' };
const mobile = Object.fromEntries(names.map((name) => [`mobile-${name}`, there]));
const SCHOOL = '/o/lugovoe-30';

let town; let provider; let directory;
before(async () => {
  if (skip) return;
  directory = await Directory.open(names.map((name) => [`asem-${name}`, 'Сейітқали', 'Әсем']));
  town = await Town.open({ extra: async (kabinet) => {
    provider = await Provider.open(kabinet.url, mobile, 'mobile-id');
    const label = '{ ru = "Мобильный ID", kk = "Мобильді ID", en = "Mobile ID" }';
    return provider.section(kabinet.dir, 'mobile-id', label, 'by-organisation') + directory.section(kabinet.dir);
  } });
  const table = join(town.dir, 'schools.csv');
  writeFileSync(table, `code,kind,region,locality,name,methods
lugovoe-30,education,Сахалинская обл.,Луговое,МБОУ СОШ № 30 п/р Луговое,password provider/network provider/mobile-id
`);
  execFileSync(binary, ['organisation', 'import', table, '--config', town.kabinet.config]);
});
after(async () => {
  await town?.close();
  provider?.close();
  directory?.close();
});

const submit = (page, selector) => page.locator(selector).first().click();
const button = (id) => `form[action="/sign-in/provider/${id}"] button`;

/** A person with an account of their own, signed in. */
async function settled(person, who) {
  await settle(person.page, town.kabinet, who.key, who.address);
}

/** From the school's page to the account that the person has already; `proof` is what the provider asks for. */
async function link(page, who, id, proof) {
  await toSchool(page);
  await submit(page, button(id));
  await proof();
  await expect.path(page, /^\/sign-in\/provider$/);
  await submit(page, 'form[action="/sign-in/provider/account"] button');
  await expect.path(page, /^\/sign-in/);
  await enter(page, who.key);
  await prove(page, who.key);
  await expect.path(page, /^\/profile\/linking/);
  await submit(page, '#confirm .button-primary');
  await expect.path(page, /done=linked$/);
}

/** From anywhere to the school's page, signed out. */
async function toSchool(page) {
  await submit(page, 'form[action="/sign-out"] button');
  await page.waitForURL(/signed-out/);
  await page.goto(SCHOOL);
}

for (const size of WIDTHS) {
  test(`the password of the school's network opens the cabinet, ${size.name}`, { skip }, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    const typed = async (password) => {
      await page.waitForURL(/\/sign-in\/provider\/network\/password/);
      await page.locator('#login').fill(`asem-${size.name}`);
      await page.locator('#password').fill(password);
      await submit(page, 'main .button-primary');
    };
    await page.goto(SCHOOL);
    await person.look('school');
    await submit(page, button('network'));
    await page.waitForURL(/\/sign-in\/provider\/network\/password/);
    await person.look('network-password');
    await typed(NETWORK_PASSWORD);
    await expect.path(page, /^\/sign-in\/provider$/, 'nobody is let in who is not linked');
    await expect.text(page.locator('main'), /Сейітқали/);
    await submit(page, 'form[action="/sign-in/provider/cancel"] button');

    await settled(person, who);
    await link(page, who, 'network', () => typed(NETWORK_PASSWORD));
    await toSchool(page);
    await submit(page, button('network'));
    await typed('not the password');
    await expect.text(page.locator('[role="alert"]'), /./);
    await person.look('network-password-wrong');
    await typed(NETWORK_PASSWORD);
    await expect.path(page, /^\/cabinet/);
    await person.close();
  });

  test(`«Мобильный ID» has a button of its own at the school and nowhere else, ${size.name}`, { skip }, async () => {
    const who = town.person();
    const person = await visitor(town.browser, town.kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    assert.equal(await page.locator(button('mobile-id')).count(), 0);
    await settled(person, who);
    await link(page, who, 'mobile-id', () => signInThere(page, `mobile-${size.name}`));
    await toSchool(page);
    assert.equal(await page.locator(button('mobile-id')).innerText(), 'Войти: Мобильный ID');
    await submit(page, button('mobile-id'));
    await expect.path(page, /^\/cabinet/);
    await page.goto('/profile/binding');
    await expect.text(page.locator('main'), /Мобильный ID/);
    await person.close();
  });
}
