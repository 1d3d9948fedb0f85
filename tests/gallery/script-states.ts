import abuse from '../../assets/scripts/abuse.json' with { type: 'json' };
import happyCall from '../../assets/scripts/happy_call.json' with { type: 'json' };
import retention from '../../assets/scripts/retention.json' with { type: 'json' };
import upsell from '../../assets/scripts/upsell.json' with { type: 'json' };
import { ScriptContent } from '../../src/shared/script.ts';
import { fixedId } from '../fakes/desk-fixtures.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { type GalleryState, type GalleryWorld, talking, tick } from './states.ts';

const published = [happyCall, retention, upsell, abuse].map((content, index) => ({
  ...{ id: fixedId(960 + index), number: 3, hash: String(index + 1).repeat(64), publishedBy: '정해린' },
  ...{ publishedAt: '2026-11-20T01:00:00.000Z', content: ScriptContent.parse(content) },
}));

const withScripts = ({ state }: FakeHost) => {
  state.scripts.scripts = published;
  state.scripts.fitting = ['happy_call'];
};

/** A key for whatever has the focus. */
async function key(code: string): Promise<void> {
  const name = code.replace(/^Digit/, '');
  document.activeElement?.dispatchEvent(
    new KeyboardEvent('keydown', { code, key: name, bubbles: true, cancelable: true }),
  );
  await tick(40);
}

async function openScripts(world: GalleryWorld): Promise<void> {
  await talking(world);
  await tick(120);
  world.press('KeyJ', { alt: true, shift: true });
  await tick(150);
}

/** The one at this place of the list, to where these keys lead. */
async function runTo(world: GalleryWorld, place: number, keys: readonly string[]): Promise<void> {
  await openScripts(world);
  await key(`Digit${place}`);
  await tick(150);
  for (const code of keys) await key(code);
  await tick(100);
}

const [E, one] = ['Enter', 'Digit1'];
/** Of the happy call, to the satisfaction. */
const toCsat = [E, one, E, one, E, one, E];

const state = (
  play: NonNullable<GalleryState['play']>,
  prepare: GalleryState['prepare'] = withScripts,
): GalleryState => ({
  prepare,
  play,
});

/** What is said in a call, step by step. */
export const SCRIPT_STATES: Readonly<Record<string, GalleryState>> = {
  'script-suggested': state(async (world) => {
    await talking(world);
    await tick(200);
  }),
  'script-list': state(openScripts),
  'script-none': state(openScripts, () => undefined),
  'script-say': state((world) => runTo(world, 1, [])),
  'script-statement-lacking': state((world) => runTo(world, 1, [E, E])),
  'script-scale': state((world) => runTo(world, 1, [...toCsat, 'Digit2'])),
  'script-several': state((world) => runTo(world, 1, [...toCsat, 'Digit2', E, one, 'Digit3'])),
  'script-text': state((world) => runTo(world, 1, [...toCsat, 'Digit5', E, one, 'Digit0', E])),
  'script-offer': state((world) => runTo(world, 3, [E, one, E, one, E, one, E, one, E, one, E, one, E, one, E])),
  'script-abuse': state((world) => runTo(world, 4, [E, 'Digit2', E, E])),
  'script-over': state((world) => runTo(world, 1, [E, one, E, 'Digit3', E, E])),
  'script-jump': state(async (world) => {
    await runTo(world, 1, toCsat);
    document.querySelector('aside details')?.setAttribute('open', '');
    await tick(60);
  }),
  'script-look': state(async (world) => {
    await runTo(world, 1, [...toCsat, 'Digit2', E, 'Backspace', 'Digit5', E]);
    const place = document.querySelector<HTMLElement>('[data-place="script-runner"]');
    place?.querySelectorAll<HTMLElement>('button').forEach((button) => {
      if (/중단하고|Stop and/.test(button.textContent ?? '')) button.click();
    });
    await tick(150);
    const [run] = world.host.state.scripts.over;
    const entry = [...world.host.state.views.values()][0]?.timeline.find(
      ({ interaction }) => interaction.channel === 'phone',
    );
    if (run && entry) run.interactionId = entry.interaction.id;
    world.host.emit({ type: 'customers_changed', customerIds: [], all: true });
    await tick(400);
    [...document.querySelectorAll<HTMLElement>('main button')]
      .find((one) => /^(스크립트|Script): /.test(one.textContent ?? ''))
      ?.click();
    await tick(200);
  }),
};
