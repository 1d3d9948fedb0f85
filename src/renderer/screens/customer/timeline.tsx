import { TextInput } from '@mantine/core';
import {
  IconArrowDownLeft,
  IconArrowUpRight,
  IconBuildingStore,
  IconMail,
  IconMailbox,
  IconMessage,
  IconNote,
  IconPhone,
  IconSearch,
  IconWorld,
} from '@tabler/icons-react';
import { memo, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { CallQuality } from '../../../shared/call-quality.ts';
import type { Customer360, TimelineEntry } from '../../../shared/customer-360.ts';
import type { Channel } from '../../../shared/interaction.ts';
import type { Disposition, Queue } from '../../../shared/work.ts';
import { Choice } from '../../components/choice.tsx';
import { MarkBadge } from '../../components/mark.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import classes from './customer.module.css';
import { useLinesInSight } from './lines-in-sight.ts';

const ICONS: Record<Channel, typeof IconPhone> = {
  phone: IconPhone,
  email: IconMail,
  web: IconWorld,
  message: IconMessage,
  visit: IconBuildingStore,
  mail: IconMailbox,
};

type ShownNote = TimelineEntry['notes'][number];
/** One line of the history: a contact with its notes, or a note written outside any contact. */
type Line = { kind: 'contact'; at: string; entry: TimelineEntry } | { kind: 'note'; at: string; note: ShownNote };

function linesOf(view: Customer360): Line[] {
  const contacts = view.timeline.map((entry): Line => ({ kind: 'contact', at: entry.interaction.startedAt, entry }));
  const loose = (view.looseNotes ?? []).map((note): Line => ({ kind: 'note', at: note.at, note }));
  return [...contacts, ...loose].sort((a, b) => b.at.localeCompare(a.at));
}

function matches(line: Line, filter: string, search: string): boolean {
  if (line.kind === 'note') return (filter === 'all' || filter === 'notes') && has(line.note.text, search);
  const { interaction, notes } = line.entry;
  if (filter === 'notes' ? notes.length === 0 : filter !== 'all' && filter !== interaction.channel) return false;
  const texts = [interaction.subject, interaction.agentName, interaction.queue, ...notes.map((note) => note.text)];
  return texts.some((text) => has(text ?? '', search));
}

const has = (text: string, search: string) => text.toLowerCase().includes(search.trim().toLowerCase());

/** Every contact on every channel, newest first, with what was noted. */
export function Timeline({ view, now }: { view: Customer360; now: number }) {
  const { t } = useWords();
  const [filter, setFilter] = useState('all');
  const [search, setSearch] = useState('');
  const lines = useMemo(() => linesOf(view), [view]);
  const known = useKnown();
  const inSight = useLinesInSight(lines.map((line) => (line.kind === 'note' ? 1 : line.entry.notes.length)));
  const found = lines.filter((line) => matches(line, filter, search));
  const shown = filter === 'all' && search === '' ? found.slice(0, inSight) : found;
  const channels = [...new Set(view.timeline.map((entry) => entry.interaction.channel))];
  return (
    <section className={classes.timeline} aria-label={t('customer:timeline.title')}>
      <div className={classes.timelineHead}>
        <h2>
          {t('customer:timeline.title')} <span>{view.interactionCount}</span>
        </h2>
        <Choice
          label={t('customer:timeline.filter')}
          value={filter}
          onChange={setFilter}
          options={[
            { value: 'all', label: t('customer:timeline.all') },
            ...channels.map((channel) => ({ value: channel, label: t(`customer:channel.${channel}`) })),
            { value: 'notes', label: t('customer:timeline.notes') },
          ]}
        />
        <TextInput
          className={classes.timelineSearch}
          aria-label={t('customer:timeline.search')}
          placeholder={t('customer:timeline.search')}
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable for those who scroll by key */}
      <ol className={classes.lines} tabIndex={0} aria-label={t('customer:timeline.title')}>
        {shown.map((line) =>
          line.kind === 'contact' ? (
            <ContactLine key={line.entry.interaction.id} entry={line.entry} now={now} known={known} />
          ) : (
            <LooseNote key={line.note.id} note={line.note} now={now} known={known} />
          ),
        )}
        {shown.length === 0 && (
          <li className={classes.noLines}>
            {t(lines.length === 0 ? 'customer:timeline.empty' : 'customer:timeline.no_match')}
          </li>
        )}
        {view.interactionCount > view.timeline.length && (
          <li className={classes.noLines}>
            {t('customer:timeline.more', { n: view.interactionCount - view.timeline.length })}
          </li>
        )}
      </ol>
    </section>
  );
}

/** What every line needs to know, asked once for all of them. */
interface Known {
  dispositions: readonly Disposition[];
  queues: readonly Queue[];
  practice: boolean;
}

function useKnown(): Known {
  const desk = useDesk();
  const { dispositions, queues } = useStore(desk.session.store, (state) => state.catalogue);
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  return useMemo(() => ({ dispositions, queues, practice }), [dispositions, queues, practice]);
}

interface ContactLineProps {
  entry: TimelineEntry;
  now: number;
  known: Known;
}

const ContactLine = memo(function ContactLine({ entry, now, known }: ContactLineProps) {
  const { t, language, format } = useWords();
  const { interaction, notes, mark } = entry;
  const { dispositions, queues, practice } = known;
  const Icon = ICONS[interaction.channel];
  const Way = interaction.direction === 'in' ? IconArrowDownLeft : IconArrowUpRight;
  const disposition = dispositions.find((row) => row.code === interaction.dispositionCode)?.label[language];
  const missed = interaction.result !== null && interaction.result !== 'answered';
  const talked =
    interaction.answeredAt && interaction.endedAt
      ? duration(Date.parse(interaction.endedAt) - Date.parse(interaction.answeredAt))
      : null;
  const facts = [
    interaction.agentName,
    queues.find((row) => row.name === interaction.queue)?.label[language] ?? interaction.queue,
    interaction.channel === 'phone' ? talked : null,
    disposition ?? interaction.dispositionCode,
    interaction.quality ? heardWord(interaction.quality, t) : null,
  ].filter(Boolean);
  return (
    <li className={classes.line} data-missed={missed}>
      <time className={classes.when} dateTime={interaction.startedAt} title={format.exact(interaction.startedAt)}>
        {format.listTime(interaction.startedAt, now)}
      </time>
      <span className={classes.channel} title={t(`customer:channel.${interaction.channel}`)}>
        <Icon size={16} stroke={1.7} aria-label={t(`customer:channel.${interaction.channel}`)} />
        <Way size={12} stroke={2} aria-label={t(`customer:direction.${interaction.direction}`)} />
      </span>
      <div className={classes.what}>
        <div className={classes.subject}>
          <b>{interaction.subject ?? t(`customer:contact.${interaction.channel}_${interaction.direction}`)}</b>
          {missed && <em>{t(`customer:result.${interaction.result}`)}</em>}
          <span>{facts.join(' · ')}</span>
          {mark !== 'centre' && <MarkBadge mark={mark} practice={practice} />}
        </div>
        {notes.map((note) => (
          <NoteText key={note.id} note={note} practice={practice} />
        ))}
      </div>
    </li>
  );
});

/** How the call was heard, with what was to blame where it was not well. */
function heardWord({ mosMean, oneWay, culprit }: CallQuality, t: Words['t']): string {
  const blamed = culprit ? t(`audio:quality.culprit.${culprit}`) : '';
  if (oneWay && culprit) return t('audio:quality.kept_one_way', { culprit: blamed });
  const mos = mosMean.toFixed(1);
  return culprit && mosMean < 4
    ? t('audio:quality.kept_bad', { mos, culprit: blamed })
    : t('audio:quality.kept_poor', { mos });
}

function LooseNote({ note, now, known }: { note: ShownNote; now: number; known: Known }) {
  const { t, format } = useWords();
  return (
    <li className={classes.line}>
      <time className={classes.when} dateTime={note.at} title={format.exact(note.at)}>
        {format.listTime(note.at, now)}
      </time>
      <span className={classes.channel}>
        <IconNote size={16} stroke={1.7} aria-label={t('customer:timeline.notes')} />
      </span>
      <div className={classes.what}>
        <div className={classes.subject}>
          <span>{note.authorName}</span>
        </div>
        <NoteText note={note} practice={known.practice} />
      </div>
    </li>
  );
}

function NoteText({ note, practice }: { note: ShownNote; practice: boolean }) {
  return (
    <p className={classes.note}>
      {note.text} {note.mark === 'centre' ? null : <MarkBadge mark={note.mark} practice={practice} />}
    </p>
  );
}
