import { expect, type Page, test } from '@playwright/test';
import { FACETS } from '../gallery/phone/facets.ts';
import { serveGallery } from './support/gallery.ts';

/** The phone by itself: the gallery's page of it has no host, no centre and no network behind it. */
const gallery = serveGallery();

const says = (page: Page, facet: string) =>
  page.getByRole('list', { name: 'What is true now' }).getByText(facet, { exact: true });
const press = (page: Page, label: string) => page.getByRole('button', { name: label, exact: true }).click();

test('every word that the phone can say of itself is seen in the state that is named for it', async ({ page }) => {
  test.setTimeout(180_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const states = new Map<string, string[]>();
  for (const [facet, state] of Object.entries(FACETS)) states.set(state, [...(states.get(state) ?? []), facet]);
  for (const [state, facets] of states) {
    await page.goto(`${gallery.address}?phone=${state}`);
    await test.step(state, async () => {
      for (const facet of facets) await expect(says(page, facet), `${state}: ${facet}`).toBeVisible();
    });
  }
  expect(errors).toEqual([]);
});

test('driven by its buttons: a call in, on hold, a colleague asked, three together, connected; a call out', async ({
  page,
}) => {
  await page.goto(`${gallery.address}?phone=registered`);
  await press(page, 'A customer calls');
  await press(page, 'Answer it');
  await expect(says(page, 'media connected')).toBeVisible();
  await page.getByLabel('hold', { exact: true }).selectOption('refuses');
  await press(page, 'Put on hold');
  await expect(says(page, 'hold problem refused')).toBeVisible();
  await page.getByLabel('hold', { exact: true }).selectOption('agrees');
  await press(page, 'Ask 102');
  await press(page, 'Answers there');
  await expect(says(page, 'hold held')).toBeVisible();
  await press(page, 'Three together');
  await expect(says(page, 'conference')).toBeVisible();
  await press(page, 'Apart again');
  await expect(says(page, 'conference')).toHaveCount(0);
  await press(page, 'Connect the two');
  await expect(says(page, 'handed over')).toBeVisible();

  await page.goto(`${gallery.address}?phone=registered`);
  await press(page, 'Call 01000005678');
  await press(page, 'Rings there');
  await expect(says(page, 'ringing there')).toBeVisible();
  await press(page, 'Answers there');
  await press(page, 'Keys 1 2 #');
  await press(page, 'Hangs up there');
  await expect(says(page, 'ended by there')).toBeVisible();
  await press(page, 'Forget it');
  await expect(says(page, 'line registered')).toBeVisible();
  await expect(says(page, 'call ended')).toHaveCount(0);
});
