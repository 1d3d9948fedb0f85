import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { CertificateTrouble as Trouble } from '../../../shared/host-types.ts';
import { useDesk } from '../../desk-context.tsx';
import { useWords } from '../../i18n.ts';
import classes from './desk.module.css';

/** While the PBX cannot be reached: what is wrong with its certificate, where that is why. Browsers tell a page nothing. */
export function CertificateTrouble() {
  const desk = useDesk();
  const { t } = useWords();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const away = useStore(
    desk.line.store,
    ({ registration }) => registration.state === 'retrying' && registration.reason === 'unreachable',
  );
  const registered = useStore(desk.line.store, ({ registration }) => registration.state === 'registered');
  useEffect(() => {
    if (registered) setTrouble(null);
    if (!away) return;
    let over = false;
    desk.api.host.lineTrouble({}).then(
      ({ certificate }) => {
        if (!over) setTrouble(certificate);
      },
      () => {},
    );
    return () => {
      over = true;
    };
  }, [away, registered, desk]);
  if (trouble === null || registered) return null;
  return (
    <span className={classes.line} data-bad role="alert" data-certificate={trouble}>
      {t(`line.certificate.${trouble}`)}
    </span>
  );
}
