// B-1, B-7: finding one's organisation by place and by name, entering through it, moving between organisations.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { WIDTHS, launch, visitor } from '../lib/browser.mjs';
import { Demo } from '../lib/demo.mjs';
import { Device } from '../lib/factor.mjs';
import { enter, expect, prove } from '../lib/person.mjs';

let demo; let browser;

before(async () => { demo = await Demo.open(); browser = await launch(); });
after(async () => { await browser?.close(); await demo?.close(); });

const send = (page) => page.locator('main .button-primary').click();

for (const size of WIDTHS) {
  test(`B-7: region, locality, organisation, user name, ${size.name}`, async () => {
    const person = await visitor(browser, demo.url, { size });
    const { page } = person;
    const irina = demo.person('Ковалёва');
    await page.goto('/');
    await page.getByRole('link', { name: 'Вход через организацию' }).click();
    await expect.text(page.locator('main'), /Образовательная организация[\s\S]*Управление образованием/);
    await person.look('organisations');
    await page.getByRole('link', { name: 'Сахалинская обл.' }).click();
    await person.look('organisations-region');
    await page.getByRole('link', { name: 'Луговое' }).click();
    await person.look('organisations-place');
    await page.getByRole('link', { name: /СОШ № 30 п\/р Луговое/ }).click();
    await expect.path(page, /^\/o\/6507001235/);
    await person.look('organisation');

    await page.locator('#login').fill('kovaleva');
    await page.locator('#password').fill('not her password');
    await send(page);
    await expect.text(page.locator('[role=alert]'), /Неверный логин или пароль/);
    assert.equal(await page.locator('#login').inputValue(), 'kovaleva', 'what was typed stays');
    await person.look('organisation-refused');
    await page.getByRole('link', { name: 'Восстановить пароль' }).click();
    await person.look('recover');
    await page.goto('/o/6507001235');

    await page.locator('#login').fill('kovaleva');
    await page.locator('#password').fill(irina.account_password);
    await send(page);
    await expect.path(page, /^\/cabinet/);
    await person.look('home-at-organisation');
    await page.goto('/profile/organisations');
    await expect.text(page.locator('main'), /Гимназия № 12[\s\S]*Луговое/);
    await person.look('my-organisations');
    await page.getByRole('button', { name: /Перейти.*Гимназия № 12/ }).click();
    await expect.text(page.locator('#memberships li').first(), /Вы здесь сейчас/);
    await expect.text(page.locator('footer'), /Приёмная гимназии/, 'A-13.a');

    await page.getByRole('button', { name: 'Выход' }).click();
    await page.goto('/organisations');
    await expect.path(page, /^\/o\/6507001235/, 'the last choice is remembered');
    await person.close();
  });

  test(`B-7.a: by keyboard alone, found while typing, ${size.name}`, async () => {
    const person = await visitor(browser, demo.url, { size });
    const { page } = person;
    await page.goto('/organisations');
    await page.locator('#q').focus();
    await page.keyboard.type('болашак оскемен');
    await expect.text(page.locator('#said'), /Нашлась 1 организация/);
    await person.look('organisations-found');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.path(page, /^\/o\/380540161379/);
    await page.locator('#login').focus();
    await page.keyboard.type('Ulan');
    await page.keyboard.press('Tab');
    await page.keyboard.type(demo.person('Қожахметов').account_password);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'remember');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.path(page, /^\/cabinet/);
    assert.equal((await page.context().cookies()).filter((c) => c.name === '__Host-kabinet-organisation').length, 0, 'declined on a shared computer');
    await person.close();
  });
}

test('B-7: the steps work without scripts', async () => {
  const context = await browser.newContext({ baseURL: demo.url, javaScriptEnabled: false, locale: 'ru-RU' });
  const page = await context.newPage();
  await page.goto('/organisations');
  await page.locator('#q').fill('луговое 30');
  await page.locator('#organisation-search button').click();
  await page.getByRole('link', { name: /СОШ № 30 п\/р Луговое/ }).click();
  await page.locator('#login').fill('KOVALEVA');
  await page.locator('#password').fill(demo.person('Ковалёва').account_password);
  await send(page);
  await expect.path(page, /^\/cabinet/);
  await context.close();
});

for (const language of ['kk', 'en']) {
  test(`B-1.a: an authority takes people in by certificate first, ${language}`, async () => {
    const person = await visitor(browser, demo.url, { size: WIDTHS[0], language });
    const { page } = person;
    await page.goto('/organisations?kind=authority');
    await person.look('organisations-authority');
    await page.goto('/o/140940081373');
    const primary = page.locator('main .button-primary').first();
    assert.match(await primary.getAttribute('href'), /^\/sign-in\?organisation=140940081373/);
    await person.look('organisation-certificate-first');
    await primary.click();
    const carried = await page.locator('input[name=organisation]').evaluateAll((all) => all.map((input) => input.value));
    assert.deepEqual([...new Set(carried)], ['140940081373'], 'every way in belongs to it');
    await person.close();
  });
}

test('B-1.a: a passkey opens at an organisation that takes people in by it, and at no other', async () => {
  const person = await visitor(browser, demo.url, { size: WIDTHS[0] });
  const { page } = person;
  const saule = demo.person('Бекетова');
  await Device.attach(page);
  await page.goto('/sign-in?organisation=140940081373');
  await enter(page, saule.key_file, saule.key_password);
  await expect.path(page, /^\/cabinet/);
  await page.goto('/profile/passkeys/new');
  await prove(page, saule.key_file, saule.key_password);
  await page.locator('#name').fill('Телефон');
  await send(page);
  await page.locator('.codes').waitFor();
  await send(page);
  await page.getByRole('button', { name: 'Выход' }).click();

  await page.goto('/o/140940081373');
  await person.look('organisation-passkey');
  await page.locator('form[action="/o/140940081373/passkey"] button').click();
  await expect.path(page, /^\/cabinet/);
  await expect.text(page.locator('header'), /Управление образования города Алматы/);
  await page.getByRole('button', { name: 'Выход' }).click();
  await page.goto('/o/6507001235');
  assert.equal(await page.locator('form[data-passkey]').count(), 0);
  await person.close();
});
