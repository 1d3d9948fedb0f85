import { useState } from 'react';
import { useStore } from 'zustand';
import type { ScriptHit } from '../../../shared/contract-script.ts';
import type { DangolError } from '../../../shared/errors.ts';
import { wordsOf } from '../../../shared/script.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import { choiceProps } from '../../keys/choices.ts';
import type { ScriptOver } from '../../stores/script-store.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { useShownView } from '../note/note-entries.ts';
import { RunLook } from './run-look.tsx';
import { Runner } from './runner.tsx';
import classes from './script.module.css';
import { useScriptList, useScriptPlace } from './use-script.ts';

/** What to say in this call, step by step: the list, the run, or what was said in an earlier call. */
export function ScriptSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { key } = useScriptPlace();
  const slot = useStore(desk.scripts.store, ({ slots }) => slots[key]);
  if (ui.look) return <RunLook look={ui.look} onBack={() => ui.setLook(null)} />;
  return slot ? <Runner key={slot.run.runId} place={key} slot={slot} /> : <Shelf key={key} />;
}

function Shelf() {
  const desk = useDesk();
  const { t, language } = useWords();
  const { key, of } = useScriptPlace();
  const view = useShownView();
  const over = useStore(desk.scripts.store, (state) => state.over[key]);
  const { hits, problem } = useScriptList(of);
  const [refused, setRefused] = useState<DangolError | null>(null);
  const begin = async ({ id }: ScriptHit) => {
    setRefused(await desk.scripts.begin(key, { ...of, scriptId: id }, view?.customer.language ?? language));
  };
  const fitting = hits?.filter(({ fits }) => fits) ?? [];
  return (
    <div className={classes.shelf}>
      {over && <Over over={over} />}
      {refused && <Problem problem={refused} />}
      {problem && <Problem problem={problem} />}
      {hits?.length === 0 && <p className={classes.quiet}>{t('script:none_yet')}</p>}
      {hits && fitting.length > 0 && <Titles label={t('script:fitting')} hits={fitting} from={0} onPick={begin} />}
      {hits && hits.length > fitting.length && (
        <Titles
          label={t(fitting.length > 0 ? 'script:others' : 'script:all')}
          hits={hits.filter(({ fits }) => !fits)}
          from={fitting.length}
          onPick={begin}
        />
      )}
    </div>
  );
}

interface TitlesProps {
  label: string;
  hits: readonly ScriptHit[];
  /** How many are numbered before these. */
  from: number;
  onPick: (hit: ScriptHit) => Promise<void>;
}

function Titles({ label, hits, from, onPick }: TitlesProps) {
  const { t, language } = useWords();
  return (
    <section aria-label={label}>
      <h3 className={classes.label}>{label}</h3>
      <ul className={classes.titles}>
        {hits.map((hit, index) => (
          <li key={hit.id}>
            <button
              type="button"
              className={classes.title}
              {...choiceProps(from + index)}
              onClick={() => void onPick(hit)}
            >
              <Digit n={from + index + 1} />
              <b>{wordsOf(hit.title, language)}</b>
              <span>
                {t(`script:kind.${hit.kind}`)} · {t('script:steps', { n: hit.steps })}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The digit that presses a button, for the first nine. */
export function Digit({ n }: { n: number }) {
  return n <= 9 ? (
    <span className="key" aria-hidden="true">
      {n}
    </span>
  ) : null;
}

/** What became of the run that just ended: what goes where, and what did not. */
function Over({ over }: { over: ScriptOver }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { dispositions } = useStore(desk.session.store, (state) => state.catalogue);
  const label = dispositions.find(({ code }) => code === over.disposition)?.label[language];
  const names = (fields: readonly string[]) => fields.map((field) => field.replace('custom.', '')).join(', ');
  return (
    <div className={classes.over} role="status">
      <b>{t(over.completed ? 'script:over.completed' : 'script:over.given_up', { title: over.title })}</b>
      {label && <p>{t('script:over.disposition', { label })}</p>}
      {over.written.length > 0 && <p>{t('script:over.written', { fields: names(over.written) })}</p>}
      {over.left.length > 0 && <p>{t('script:over.left', { fields: names(over.left) })}</p>}
    </div>
  );
}
