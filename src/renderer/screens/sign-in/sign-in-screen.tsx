import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionState } from '../../../shared/host-types.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './sign-in.module.css';

/** Who is at this desk? In practice one click on a demo agent; otherwise login and password. */
export function SignInScreen({ session }: { session: Exclude<SessionState, { status: 'signed_in' }> }) {
  const desk = useDesk();
  const { t, language } = useWords();
  const { demoLogins, signingIn, problem } = useStore(desk.session.store);
  const gone = useStore(desk.connection, (state) => state.status === 'gone');
  useEffect(() => {
    void desk.session.readDemoLogins().catch(() => undefined);
  }, [desk]);
  return (
    <main className={classes.page}>
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
        <p className={classes.lead}>
          {session.status === 'locked' ? t('sign_in.locked', { name: session.agent.name }) : t('sign_in.lead')}
        </p>
        {gone && <p className={classes.gone}>{t('host_gone.what')}</p>}
        {demoLogins.length > 0 && <DemoLogins logins={demoLogins} busy={signingIn} />}
        <LoginForm
          lockedLogin={session.status === 'locked' ? session.agent.login : null}
          plain={demoLogins.length > 0}
        />
        {problem && <Problem problem={problem} />}
        <footer className={classes.foot}>{t('sign_in.centre', { address: session.centralUrl })}</footer>
      </div>
    </main>
  );
}

function DemoLogins({
  logins,
  busy,
}: {
  logins: readonly { login: string; name: string; role: string }[];
  busy: string | null;
}) {
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

function LoginForm({ lockedLogin, plain }: { lockedLogin: string | null; plain: boolean }) {
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
        readOnly={lockedLogin !== null}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        size="sm"
        label={t('sign_in.password')}
        value={password}
        autoComplete="current-password"
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
