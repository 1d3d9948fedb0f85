import { fixedId } from '../fakes/desk-fixtures.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { type GalleryState, type GalleryWorld, talking, tick } from './states.ts';

const press = (world: GalleryWorld, code: string) => world.press(code, { alt: true, shift: true });

/** Into the field that has the focus, as by a keyboard. */
async function say(text: string): Promise<void> {
  document.execCommand('insertText', false, text);
  await tick(250);
}

async function openKnowledge(world: GalleryWorld, note = ''): Promise<void> {
  await talking(world);
  if (note !== '') {
    document.getElementById('note-field')?.focus();
    await say(note);
  }
  press(world, 'KeyK');
  await tick(250);
}

function asSupervisor({ state }: FakeHost): void {
  if (state.session.status !== 'signed_in') return;
  state.session = { ...state.session, agent: { ...state.session.agent, name: '정해린', role: 'supervisor' } };
}

async function openFirst(): Promise<void> {
  document.querySelector<HTMLElement>('aside [role="option"]')?.click();
  await tick(150);
}

const LONG = '약정기간중도해지시위약금산정기준및단말기할부잔여금일괄청구'.repeat(6);

/** Knowledge beside the note, and where it is written. */
export const KNOWLEDGE_STATES: Readonly<Record<string, GalleryState>> = {
  'knowledge-suggested': { play: (world) => openKnowledge(world, '해지하면 위약금이 얼마인지 문의하심.') },
  'knowledge-found': {
    play: async (world) => {
      await openKnowledge(world);
      await say('환불');
    },
  },
  'knowledge-nothing': {
    play: async (world) => {
      await openKnowledge(world);
      await say('우주여행 상품');
    },
  },
  'knowledge-none-yet': {
    prepare: ({ state }) => {
      state.knowledge.articles = [];
    },
    play: (world) => openKnowledge(world),
  },
  'knowledge-article': {
    play: async (world) => {
      await openKnowledge(world, '해지 문의.');
      await openFirst();
      press(world, 'KeyU');
      await tick(150);
    },
  },
  'knowledge-cited': {
    play: async (world) => {
      await openKnowledge(world, '환불 문의.\n');
      press(world, 'KeyI');
      await tick(150);
    },
  },
  'knowledge-withdrawn': {
    play: async (world) => {
      await openKnowledge(world);
      for (const { id } of world.host.state.knowledge.articles) world.host.state.knowledge.withdrawn.add(id);
      await openFirst();
    },
  },
  'knowledge-long': {
    prepare: ({ state }) => {
      const [first, ...rest] = state.knowledge.articles;
      if (!first) return;
      const body = `# ${LONG}\n\n| ${LONG} | a |\n| --- | --- |\n| b | ${LONG} |\n\n<https://example.com/${'a'.repeat(160)}>\n\n<b>${LONG}</b>`;
      const long = { ...first, title: LONG.slice(0, 200), shortAnswer: LONG.repeat(3).slice(0, 600), body };
      state.knowledge.articles = [{ ...long, topics: Array.from({ length: 20 }, (_, n) => `해지${n}`) }, ...rest];
    },
    play: async (world) => {
      await openKnowledge(world, '해지1 문의');
      await openFirst();
    },
  },
  'authoring-shelf': {
    prepare: (host) => {
      asSupervisor(host);
      host.state.knowledge.withdrawn.add(fixedId(903));
    },
    play: async (world) => {
      await world.ready();
      press(world, 'KeyW');
      await tick(200);
    },
  },
  'authoring-offline': {
    prepare: (host) => {
      asSupervisor(host);
      host.state.failing.set('knowledge.author.list', { code: 'CENTRE_UNREACHABLE', next: 'check-network' });
    },
    play: async (world) => {
      await world.ready();
      press(world, 'KeyW');
      await tick(200);
    },
  },
  'authoring-editor': {
    prepare: (host) => {
      asSupervisor(host);
      const { versions } = host.state.knowledge;
      const first = versions[2];
      if (!first) return;
      const content = { ...first.content, shortAnswer: '카드 결제는 취소 접수 후 영업일 기준 5~7일 걸립니다.' };
      versions.push({ ...first, number: 2, basedOn: 1, savedBy: '오준서', content });
    },
    play: async (world) => {
      await world.ready();
      press(world, 'KeyW');
      await tick(200);
      document.querySelectorAll<HTMLElement>('aside li button')[2]?.click();
      await tick(200);
    },
  },
  'authoring-difference': {
    prepare: (host) => {
      asSupervisor(host);
      const { versions } = host.state.knowledge;
      const first = versions[2];
      if (!first) return;
      const content = { ...first.content, shortAnswer: '카드 결제는 취소 접수 후 영업일 기준 5~7일 걸립니다.' };
      versions.push({ ...first, number: 2, basedOn: 1, savedBy: '오준서', content });
    },
    play: async (world) => {
      await world.ready();
      press(world, 'KeyW');
      await tick(200);
      document.querySelectorAll<HTMLElement>('aside li button')[2]?.click();
      await tick(200);
      document.querySelector<HTMLElement>('[data-place="versions"] li:last-child button')?.click();
      await tick(200);
      document.querySelector('[data-place="versions"]')?.scrollIntoView({ block: 'start' });
    },
  },
  'authoring-new': {
    prepare: asSupervisor,
    play: async (world) => {
      await world.ready();
      press(world, 'KeyW');
      await tick(200);
      document.querySelectorAll<HTMLElement>('aside section button')[0]?.click();
      await tick(150);
      await say('새로 쓰는 문서');
      await tick(150);
    },
  },
};
