import classes from './sign-in.module.css';
import { type ShutSession, SignInCard } from './sign-in-card.tsx';

/** The sign-in alone on the screen: nobody is on the line. */
export function SignInScreen({ session }: { session: ShutSession }) {
  return (
    <main className={classes.page}>
      <SignInCard session={session} />
    </main>
  );
}
