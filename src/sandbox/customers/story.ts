import type { Interaction, Note } from '../../shared/interaction.ts';
import type { Case, CustomerPromise } from '../../shared/work.ts';
import { DAY_MS, day, instant, officeTime } from './dates.ts';
import { type Random, sampleId } from './random.ts';
import type { SampleOptions, SampleStaff } from './sample-row.ts';
import { fill, TOPICS, type Topic } from './topics.ts';
import { writtenOf } from './written.ts';

/** What happened between a customer and the business so far. */
export interface Story {
  interactions: Interaction[];
  notes: Note[];
  cases: Case[];
  promises: CustomerPromise[];
  /** Topic keys, newest first. */
  topics: string[];
}

export interface StoryOptions extends Pick<SampleOptions, 'seed' | 'now' | 'staff' | 'interactions'> {
  index: number;
  language: 'ko' | 'en';
  phone: string | null;
  since: number;
  product: string;
}

/** 0 to 30 contacts, most of them recent ones, newest first. */
export function storyOf(random: Random, options: StoryOptions): Story {
  const story: Story = { interactions: [], notes: [], cases: [], promises: [], topics: [] };
  // Few customers make most of the contacts: an exponential share of them.
  const count = Math.min(30, Math.round(-Math.log(1 - random.next()) * options.interactions));
  const daysKnown = Math.max(1, Math.floor((options.now - options.since) / DAY_MS));
  let daysAgo = 0;
  for (let part = 0; part < count; part += 1) {
    daysAgo += random.weighted([
      [2, random.int(0, 3)],
      [3, random.int(4, 25)],
      [4, random.int(26, 120)],
    ]);
    if (daysAgo > daysKnown) break;
    addContact(random, options, story, part, officeTime(random, options.now, daysAgo));
  }
  return story;
}

function addContact(random: Random, options: StoryOptions, story: Story, part: number, at: number): void {
  const topic = random.weighted(topicWeights());
  const channel = random.weighted([
    [62, 'phone'],
    [12, 'message'],
    [9, 'web'],
    [7, 'email'],
    [6, 'visit'],
    [4, 'mail'],
  ] as const);
  const agent = random.pick(options.staff);
  const disposition = channel === 'phone' ? random.pick(topic.dispositions) : null;
  const missed = disposition === 'no_answer';
  const seconds = random.int(45, 620);
  const call = channel === 'phone';
  story.topics.push(topic.key);
  const interaction: Interaction = {
    id: sampleId(options.seed, 'interaction', options.index, part),
    customerId: sampleId(options.seed, 'customer', options.index),
    channel,
    direction: call || channel === 'message' ? topic.direction : 'in',
    startedAt: instant(at),
    answeredAt: call && !missed ? instant(at + random.int(3, 40) * 1000) : null,
    endedAt: instant(at + (missed ? 30 : seconds) * 1000),
    result: call ? (missed ? 'no_answer' : 'answered') : null,
    phone: call ? options.phone : null,
    queue: call && topic.direction === 'in' ? (topic.key === 'cancel' ? 'vip' : 'support') : null,
    agentId: agent.id,
    agentName: agent.name,
    subject: topic.subject[options.language],
    dispositionCode: disposition,
  };
  const facts = { ...options, part, at, agent, subject: topic.subject[options.language] };
  const message = writtenOf(interaction, facts);
  if (message) interaction.message = message;
  story.interactions.push(interaction);
  if (random.chance(call ? 0.75 : 0.4))
    addNote(random, options, story, { topic, interaction, part, at, seconds, agent });
  if (part < 3) addFollowUp(random, options, story, { topic, interaction, at, agent });
}

interface Contact {
  topic: Topic;
  interaction: Interaction;
  at: number;
  agent: SampleStaff;
}

function addNote(
  random: Random,
  options: StoryOptions,
  story: Story,
  it: Contact & { part: number; seconds: number },
): void {
  const missed = it.interaction.result === 'no_answer';
  const texts = it.topic.notes[options.language];
  const isMissed = (text: string) => /부재|연결 안 됨|No answer/.test(text);
  const fitting = texts.filter((text) => isMissed(text) === missed);
  const [first = missed ? { ko: '부재.', en: 'No answer.' }[options.language] : texts[0], ...rest] = fitting;
  const time = appointment(random, it.at, options.language);
  story.notes.push({
    id: sampleId(options.seed, 'note', options.index, it.part),
    interactionId: it.interaction.id,
    customerId: it.interaction.customerId,
    text: fill(random.pick([first, ...rest]), { product: options.product, time }, random),
    authorId: it.agent.id,
    authorName: it.agent.name,
    at: instant(Math.min(it.at + (it.seconds + random.int(5, 90)) * 1000, options.now)),
  });
}

/** Some day of the following week, as an agent writes it down. */
function appointment(random: Random, at: number, language: 'ko' | 'en'): string {
  const [, month = '1', date = '1'] = day(at + random.int(1, 7) * DAY_MS)
    .split('-')
    .map(Number);
  const hour = random.int(1, 6);
  return language === 'ko' ? `${month}월 ${date}일 오후 ${hour}시` : `${hour} pm on ${month}/${date}`;
}

/** Of the last three contacts some left an open case, or a promise that may be late by now. */
function addFollowUp(
  random: Random,
  options: StoryOptions,
  story: Story,
  { topic, interaction, at, agent }: Contact,
): void {
  const customerId = sampleId(options.seed, 'customer', options.index);
  if (topic.case && random.chance(0.4)) {
    const part = story.cases.length;
    const closed = options.now - at > 45 * DAY_MS || random.chance(0.35);
    story.cases.push({
      id: sampleId(options.seed, 'case', options.index, part),
      number: `CS-${instant(at).slice(0, 4)}-${String(options.index).padStart(6, '0')}${part}`,
      customerId,
      subject: topic.case[options.language],
      status: closed ? 'closed' : random.chance(0.3) ? 'waiting' : 'open',
      priority: topic.case.priority,
      openedAt: instant(at),
      dueAt: instant(at + random.int(2, 10) * DAY_MS),
      ownerName: random.chance(0.8) ? agent.name : null,
    });
  }
  if (topic.promise && random.chance(0.4)) {
    const dueAt = at + random.int(1, 8) * DAY_MS;
    const old = options.now - dueAt > 20 * DAY_MS;
    story.promises.push({
      id: sampleId(options.seed, 'promise', options.index, story.promises.length),
      customerId,
      interactionId: interaction.id,
      what: topic.promise[options.language],
      dueAt: instant(dueAt),
      byAgentId: agent.id,
      byAgentName: agent.name,
      status: old ? (random.chance(0.85) ? 'kept' : 'broken') : random.chance(0.4) ? 'kept' : 'open',
    });
  }
}

function topicWeights(): [[number, Topic], ...[number, Topic][]] {
  const [first, ...rest] = TOPICS;
  return [[first.weight, first], ...rest.map((topic): [number, Topic] => [topic.weight, topic])];
}
