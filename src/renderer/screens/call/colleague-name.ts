import { useStore } from 'zustand';
import { useDesk } from '../../desk-context.tsx';

/** Who has this extension, else the number itself. */
export function useColleagueName(extension: string): string {
  const desk = useDesk();
  return useStore(desk.session.store, ({ session }) => {
    const directory = session?.status === 'signed_in' ? session.config?.directory : undefined;
    return directory?.find((one) => one.extension === extension)?.name ?? extension;
  });
}
