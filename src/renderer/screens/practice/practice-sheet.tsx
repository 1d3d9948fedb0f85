import { Button } from '@mantine/core';
import { IconPhoneIncoming, IconPhoneOutgoing } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { DangolError } from '../../../shared/errors.ts';
import type { ScenarioSummary } from '../../../shared/practice.ts';
import { ChoiceHint } from '../../components/choice-hint.tsx';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { choiceProps } from '../../keys/choices.ts';
import type { DeskUi } from '../desk/desk-target.ts';
import { useLineWord } from '../desk/line-word.ts';
import classes from './practice.module.css';

type List =
  | { state: 'loading' }
  | { state: 'ready'; scenarios: readonly ScenarioSummary[] }
  | { state: 'failed'; problem: DangolError };

/** Simulated customers call the real desk: choose one and the phone rings. */
export function PracticeSheet({ ui }: { ui: DeskUi }) {
  const desk = useDesk();
  const { t } = useWords();
  const [list, setList] = useState<List>({ state: 'loading' });
  const registered = useStore(desk.line.store, (line) => line.registration.state === 'registered');
  const line = useLineWord();
  const busy = useStore(desk.calls.store, ({ calls }) => calls.some((call) => call.stage === 'live'));
  const load = useCallback(() => {
    setList({ state: 'loading' });
    desk.api.practice.scenarios({}).then(
      ({ scenarios }) => setList({ state: 'ready', scenarios }),
      (error: unknown) => setList({ state: 'failed', problem: toDangolError(error) }),
    );
  }, [desk]);
  useEffect(load, [load]);
  return (
    <>
      <p className={classes.lead}>{t('practice.lead')}</p>
      {!registered && (
        <p className={classes.warn} role="status">
          <strong>{line}</strong> {t('practice.no_line')}
        </p>
      )}
      {list.state === 'failed' && <Problem problem={list.problem} onRetry={load} />}
      {list.state === 'ready' && list.scenarios.length === 0 && <p>{t('practice.none')}</p>}
      {list.state === 'ready' && (
        <ul className={classes.list}>
          {list.scenarios.map((scenario, index) => (
            <Scenario key={scenario.id} scenario={scenario} index={index} disabled={!registered || busy} ui={ui} />
          ))}
        </ul>
      )}
    </>
  );
}

interface ScenarioProps {
  scenario: ScenarioSummary;
  index: number;
  disabled: boolean;
  ui: DeskUi;
}

function Scenario({ scenario, index, disabled, ui }: ScenarioProps) {
  const desk = useDesk();
  const { t, language } = useWords();
  const [starting, setStarting] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const incoming = scenario.direction === 'in';
  const start = async () => {
    if (!incoming && scenario.dial) {
      ui.setSheet(null);
      return ui.setDial({ number: scenario.dial, customerId: null, contactPointId: null });
    }
    setStarting(true);
    setProblem(null);
    try {
      await desk.api.practice.start({ scenarioId: scenario.id });
      // The caller's screen needs the room.
      ui.setSheet(null);
    } catch (error) {
      setProblem(toDangolError(error));
      setStarting(false);
    }
  };
  return (
    <li className={classes.scenario}>
      <div>
        <strong>{scenario.title[language]}</strong>
        <p>{scenario.description[language]}</p>
        {problem && <Problem problem={problem} />}
      </div>
      <Button
        variant="default"
        leftSection={incoming ? <IconPhoneIncoming size={15} /> : <IconPhoneOutgoing size={15} />}
        rightSection={<ChoiceHint index={index} />}
        {...choiceProps(index)}
        loading={starting}
        disabled={disabled}
        onClick={() => void start()}
      >
        {t(incoming ? 'practice.ring' : 'practice.dial')}
      </Button>
    </li>
  );
}
