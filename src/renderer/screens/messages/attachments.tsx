import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import {
  ATTACHMENT_MAX_BYTES,
  type AttachmentAnswer,
  attachmentFileName,
  attachmentKind,
  attachmentType,
} from '../../../shared/attachment.ts';
import type { DangolError } from '../../../shared/errors.ts';
import type { MessageAttachment, WrittenMessage } from '../../../shared/message.ts';
import { Problem } from '../../components/problem.tsx';
import { useDesk } from '../../desk-context.tsx';
import { toDangolError } from '../../host-client.ts';
import { useWords } from '../../i18n.ts';
import { saveFile } from '../../lib/save-file.ts';
import classes from './messages.module.css';

interface AttachmentsProps {
  messageId: string;
  message: WrittenMessage;
}

/** What came with a message: name, kind and size of each, and one step to have it. What a service lists lies with the service. */
export function Attachments({ messageId, message: { attachments, via } }: AttachmentsProps) {
  const { t } = useWords();
  if (!attachments) return null;
  if (via) {
    const names = attachments.map(({ name }) => name || t('message:no_name')).join(', ');
    return <p className={classes.dim}>{t('message:attached_there', { label: via.label, names })}</p>;
  }
  return (
    <ul className={classes.attachments} aria-label={t('message:attached')}>
      {attachments.map((one, index) => (
        <Attachment
          // biome-ignore lint/suspicious/noArrayIndexKey: its place in the mail is what it is called by
          key={index}
          {...{ messageId, one, index }}
        />
      ))}
    </ul>
  );
}

function Attachment({ messageId, one, index }: { messageId: string; one: MessageAttachment; index: number }) {
  const { t, format } = useWords();
  const [asking, setAsking] = useState(false);
  const [answer, setAnswer] = useState<AttachmentAnswer | null>(null);
  const kind = attachmentKind(one);
  const refused = kind === 'dangerous' ? kind : one.bytes > ATTACHMENT_MAX_BYTES ? 'too_large' : null;
  const name = one.name || t('message:no_name');
  return (
    <li>
      <span className={classes.fileName}>
        <bdi>{name}</bdi> · {t(`message:kind.${kind}`)} · {format.bytes(one.bytes)}
      </span>
      {refused ? (
        <p className={classes.dim}>{t(`message:attachment.${refused}`)}</p>
      ) : (
        <button
          type="button"
          className={classes.small}
          aria-expanded={asking}
          aria-label={t(asking ? 'message:attachment.close_named' : 'message:attachment.open_named', { name })}
          onClick={() => {
            setAsking(!asking);
            setAnswer(null);
          }}
        >
          {t(asking ? 'message:attachment.close' : 'message:attachment.open')}
        </button>
      )}
      {asking && answer === null && <Ask {...{ messageId, index }} onAnswer={setAnswer} />}
      {asking && answer?.state === 'given' && <Given one={one} name={name} base64={answer.base64} />}
      {asking && answer && answer.state !== 'given' && (
        <p className={classes.late} role="status">
          {t(`message:attachment.${answer.state}`)}
        </p>
      )}
    </li>
  );
}

interface AskProps {
  messageId: string;
  index: number;
  onAnswer: (answer: AttachmentAnswer) => void;
}

/** Nothing leaves the centre without a reason. */
function Ask({ messageId, index, onAnswer }: AskProps) {
  const { t } = useWords();
  const { api } = useDesk();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<DangolError | null>(null);
  const fetch = async () => {
    setBusy(true);
    try {
      onAnswer(await api.messages.attachment({ messageId, index, reason: reason.trim() }));
    } catch (error) {
      setProblem(toDangolError(error));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void fetch();
  };
  return (
    <form className={classes.askFor} onSubmit={submit}>
      <TextInput
        label={t('message:attachment.reason')}
        placeholder={t('message:attachment.reason_example')}
        maxLength={200}
        value={reason}
        onChange={({ currentTarget: { value } }) => setReason(value)}
      />
      <Button type="submit" size="xs" variant="default" loading={busy} disabled={reason.trim().length < 2}>
        {t('message:attachment.fetch')}
      </Button>
      <p className={classes.dim}>{t('message:attachment.logged')}</p>
      {problem && (
        <Problem problem={problem} onRetry={() => void fetch()}>
          {problem.code === 'CENTRE_UNREACHABLE' && t('message:attachment.offline')}
        </Problem>
      )}
    </form>
  );
}

/** More of a text is saved, not shown. */
const SHOWN_SIGNS = 100_000;

function Given({ one, name, base64 }: { one: MessageAttachment; name: string; base64: string }) {
  const { t } = useWords();
  const kind = attachmentKind(one);
  const [saved, setSaved] = useState(false);
  const save = () => {
    saveFile(attachmentFileName(one), new Blob([bytesOf(base64)], { type: attachmentType(one) }));
    setSaved(true);
  };
  return (
    <div className={classes.given}>
      {kind === 'image' && <img src={`data:${attachmentType(one)};base64,${base64}`} alt={name} />}
      {kind === 'text' && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for those who scroll by key
        <section tabIndex={0} aria-label={name} className={classes.textFile}>
          {textOf(bytesOf(base64)).slice(0, SHOWN_SIGNS)}
        </section>
      )}
      {kind === 'document' && <p className={classes.dim}>{t('message:attachment.document')}</p>}
      <Button size="xs" variant="default" onClick={save}>
        {t('message:attachment.save')}
      </Button>
      {saved && (
        <span className={classes.dim} role="status">
          {t('message:attachment.saved', { name: attachmentFileName(one) })}
        </span>
      )}
    </div>
  );
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

/** UTF-8, or what Korean programs wrote before it. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('euc-kr').decode(bytes);
  }
}
