import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionState } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords, type Words } from '../../i18n.ts';
import classes from './sign-in.module.css';

export type ShutSession = Exclude<SessionState, { status: 'signed_in' }>;

/**
 * Who is at this desk? In practice one click on a demo agent; otherwise login and password.
 * @param props.inCall a call goes on beside it: until it is over a locked desk stays its agent's.
 */
export function SignInCard({ session, inCall = false }: { session: ShutSession; inCall?: boolean }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { demoLogins, signingIn, problem } = useStore(desk.session.store);
  const gone = useStore(desk.connection, (state) => state.status === 'gone');
  useEffect(() => {
    void desk.session.readDemoLogins().catch(() => undefined);
  }, [desk]);
  const locked = session.status === 'locked' ? session.agent : null;
  const offered = inCall && locked ? demoLogins.filter(({ login }) => login === locked.login) : demoLogins;
  return (
    <div className={classes.card}>
      <header className={classes.head}>
        <img src="./icon.svg" alt="" width={36} height={36} />
        <h1>{t('product')}</h1>
        <SegmentedControl
          className={classes.language}
          aria-label={t('settings.language')}
          value={language}
          data={[
            { value: 'ko', label: '한국어' },
            { value: 'en', label: 'English' },
          ]}
          onChange={(value) => void desk.settings.save({ language: value === 'en' ? 'en' : 'ko' })}
        />
      </header>
      <p className={classes.lead}>{leadOf(session, inCall, t)}</p>
      {gone && <p className={classes.gone}>{t('host_gone.what')}</p>}
      {offered.length > 0 && <DemoLogins logins={offered} busy={signingIn} />}
      <LoginForm
        key={locked?.login ?? ''}
        lockedLogin={locked?.login ?? null}
        plain={offered.length > 0}
        // In a call the caret stays where the agent writes.
        autoFocus={!inCall}
      />
      {locked && !inCall && <SomebodyElse name={locked.name} />}
      {problem && <Problem problem={problem} />}
      <footer className={classes.foot}>{t('sign_in.centre', { address: session.centralUrl })}</footer>
    </div>
  );
}

function leadOf(session: ShutSession, inCall: boolean, t: Words['t']): string {
  if (session.status === 'signed_out') return t(inCall ? 'sign_in.lead_in_call' : 'sign_in.lead');
  return t(inCall ? 'sign_in.locked_in_call' : 'sign_in.locked', { name: session.agent.name });
}

/** A locked desk is not its last agent's for ever. What they have not sent stays, under their name. */
function SomebodyElse({ name }: { name: string }) {
  const desk = useDesk();
  const { t } = useWords();
  return (
    <div className={classes.other}>
      <Button variant="subtle" size="sm" onClick={() => void desk.session.leaveLocked()}>
        {t('sign_in.other')}
      </Button>
      <span>{t('sign_in.other_keeps', { name })}</span>
    </div>
  );
}

interface DemoLoginsProps {
  logins: readonly { login: string; name: string; role: string }[];
  busy: string | null;
}

function DemoLogins({ logins, busy }: DemoLoginsProps) {
  const desk = useDesk();
  const { t } = useWords();
  return (
    <section aria-label={t('sign_in.demo')} className={classes.demo}>
      <h2>{t('sign_in.demo')}</h2>
      {logins.map(({ login, name, role }, index) => (
        <Button
          key={login}
          size="sm"
          justify="space-between"
          variant={index === 0 ? 'filled' : 'default'}
          loading={busy === login}
          disabled={busy !== null && busy !== login}
          rightSection={<span className={classes.role}>{t(`role.${role}`)}</span>}
          onClick={() => void desk.session.signInDemo(login)}
        >
          {name}
        </Button>
      ))}
    </section>
  );
}

interface LoginFormProps {
  lockedLogin: string | null;
  plain: boolean;
  autoFocus: boolean;
}

function LoginForm({ lockedLogin, plain, autoFocus }: LoginFormProps) {
  const desk = useDesk();
  const { t } = useWords();
  const signingIn = useStore(desk.session.store, (state) => state.signingIn);
  const [login, setLogin] = useState(lockedLogin ?? '');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void desk.session.signIn(login.trim(), password);
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      {plain && <h2>{t('sign_in.own')}</h2>}
      <TextInput
        size="sm"
        label={t('sign_in.login')}
        value={login}
        autoComplete="username"
        autoFocus={autoFocus && lockedLogin === null}
        readOnly={lockedLogin !== null}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        size="sm"
        label={t('sign_in.password')}
        value={password}
        autoComplete="current-password"
        autoFocus={autoFocus && lockedLogin !== null}
        visibilityToggleButtonProps={{ 'aria-label': t('sign_in.show_password') }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="sm"
        variant={plain ? 'default' : 'filled'}
        disabled={login.trim() === '' || password === ''}
        loading={signingIn !== null && signingIn === login.trim()}
      >
        {t('sign_in.submit')}
      </Button>
    </form>
  );
}
