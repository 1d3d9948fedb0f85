import { TextInput } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight, IconNote, IconSearch } from '@tabler/icons-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { CallQuality } from '../../../shared/call-quality.ts';
import type { RunHead } from '../../../shared/contract-script.ts';
import type { Customer360, TimelineEntry } from '../../../shared/customer-360.ts';
import type { HistoryLine } from '../../../shared/history.ts';
import type { Channel } from '../../../shared/interaction.ts';
import type { Disposition, Queue } from '../../../shared/work.ts';
import { ChannelIcon } from '../../components/channel-icon.tsx';
import { Choice } from '../../components/choice.tsx';
import { MarkBadge } from '../../components/mark.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import { duration } from '../../lib/format.ts';
import { titleOf } from '../../lib/message-words.ts';
import type { DeskUi, LetterTarget } from '../desk/desk-target.ts';
import { useRunsOf } from '../script/use-script.ts';
import classes from './customer.module.css';
import { useLinesInSight } from './lines-in-sight.ts';
import { OlderLines } from './older-lines.tsx';
import { type History, idOfLine, type Only, useHistory } from './use-history.ts';
import { Written } from './written.tsx';

type ShownNote = TimelineEntry['notes'][number];

/** Every contact on every channel, newest first, with what was noted. */
export function Timeline({ view, now, ui }: { view: Customer360; now: number; ui: DeskUi }) {
  const { t } = useWords();
  const [filter, setFilter] = useState('all');
  const [search, setSearch] = useState('');
  const only = filter === 'all' ? null : (filter as Only);
  const history = useHistory(view, only, search);
  const { newest, pages, state } = history;
  const known = useKnown(ui, view);
  const inSight = useLinesInSight(newest.map((line) => (line.kind === 'note' ? 1 : line.entry.notes.length)));
  const draw = useCallback(
    (line: HistoryLine) => <Line key={idOfLine(line)} line={line} now={now} known={known} />,
    [now, known],
  );
  const shown = newest.length + pages.length;
  const channels = channelsOf(view, only);
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
      <section
        className={classes.lines}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for those who scroll by key
        tabIndex={0}
        aria-label={t('customer:timeline.lines')}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (scrollHeight - scrollTop - clientHeight < LOAD_AHEAD) history.more();
        }}
      >
        <ol aria-label={t('customer:timeline.title')}>{newest.slice(0, inSight).map(draw)}</ol>
        {pages.map((lines) => (
          <OlderLines key={lines[0] ? idOfLine(lines[0]) : ''} lines={lines} draw={draw} />
        ))}
        {shown === 0 && state !== 'loading' && (view.timeline.length > 0 || !view.partial) && (
          <p className={classes.noLines}>
            {t(view.timeline.length === 0 && only === null ? 'customer:timeline.empty' : 'customer:timeline.no_match')}
          </p>
        )}
        {view.partial && <p className={classes.noLines}>{t('customer:timeline.partial')}</p>}
        {view.interactionCount > view.timeline.length && state !== 'end' && <MoreLine history={history} />}
      </section>
    </section>
  );
}

/** Pixels before the end at which the next page is asked for. */
const LOAD_AHEAD = 800;

/** The channels of what is on screen; the one that is chosen stays, also where nothing of it is here yet. */
function channelsOf({ timeline }: Customer360, only: Only): Channel[] {
  const chosen = only === null || only === 'notes' ? [] : [only];
  return [...new Set([...timeline.map((entry) => entry.interaction.channel), ...chosen])];
}

function MoreLine({ history: { state, more } }: { history: History }) {
  const { t } = useWords();
  return (
    <p className={classes.noLines}>
      <button type="button" className={classes.small} disabled={state === 'loading'} onClick={more}>
        {t(state === 'loading' ? 'loading' : state === 'failed' ? 'retry' : 'customer:timeline.more')}
      </button>
      {state === 'failed' && <span> {t('customer:timeline.failed')}</span>}
    </p>
  );
}

/** What every line needs to know, asked once for all of them. */
interface Known {
  dispositions: readonly Disposition[];
  queues: readonly Queue[];
  practice: boolean;
  write: (target: LetterTarget) => void;
  /** Scripts that were gone through, by call. */
  runs: ReadonlyMap<string, RunHead[]>;
  look: (runId: string) => void;
}

function useKnown({ setLetter, setSheet, setLook }: DeskUi, view: Customer360): Known {
  const desk = useDesk();
  const { dispositions, queues } = useStore(desk.session.store, (state) => state.catalogue);
  const practice = useStore(desk.sync.store, ({ status }) => status?.practiceStore ?? false);
  const write = useCallback(
    (target: LetterTarget) => {
      setLetter(target);
      setSheet('message');
    },
    [setLetter, setSheet],
  );
  const customerId = view.customer.id;
  const runs = useRunsOf(customerId, view);
  const look = useCallback(
    (runId: string) => {
      setLook({ customerId, runId });
      setSheet('script');
    },
    [customerId, setLook, setSheet],
  );
  return useMemo(
    () => ({ dispositions, queues, practice, write, runs, look }),
    [dispositions, queues, practice, write, runs, look],
  );
}

function Line({ line, now, known }: { line: HistoryLine; now: number; known: Known }) {
  return line.kind === 'contact' ? (
    <ContactLine entry={line.entry} now={now} known={known} />
  ) : (
    <LooseNote note={line.note} now={now} known={known} />
  );
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
  const Way = interaction.direction === 'in' ? IconArrowDownLeft : IconArrowUpRight;
  const disposition = dispositions.find((row) => row.code === interaction.dispositionCode)?.label[language];
  const missed = interaction.result !== null && interaction.result !== 'answered';
  const talked =
    interaction.answeredAt && interaction.endedAt
      ? duration(Date.parse(interaction.endedAt) - Date.parse(interaction.answeredAt))
      : null;
  const facts = [
    interaction.message?.via?.label,
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
        <ChannelIcon row={interaction} />
        <Way size={12} stroke={2} aria-label={t(`customer:direction.${interaction.direction}`)} />
      </span>
      <div className={classes.what}>
        <div className={classes.subject}>
          <b>{titleOf(t, interaction)}</b>
          {missed && <em>{t(`customer:result.${interaction.result}`)}</em>}
          <span>{facts.join(' · ')}</span>
          {mark !== 'centre' && <MarkBadge mark={mark} practice={practice} />}
        </div>
        {(known.runs.get(interaction.id) ?? []).map((run) => (
          <button key={run.id} type="button" className={classes.small} onClick={() => known.look(run.id)}>
            {t('script:look.open', { title: run.title })}
          </button>
        ))}
        <Written row={interaction} now={now} write={known.write} />
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
