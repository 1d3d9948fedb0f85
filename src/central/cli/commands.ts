import { z } from 'zod';
import { AdminList } from '../../shared/central-admin-api.ts';
import { DeskList } from '../../shared/desk-wipe.ts';
import { CATALOGUE_COMMANDS } from './catalogue-commands.ts';
import { type Command, maybe, need, put } from './command-options.ts';
import { loadCustomers, loadDoNotCall, parseJson, readFile } from './files.ts';
import { IMPORT_COMMAND } from './import-command.ts';
import { MAIL_COMMANDS } from './mail-commands.ts';
import { SCRIPT_COMMAND } from './script-command.ts';
import { SOURCE_COMMANDS } from './source-commands.ts';
import { CommandProblem, readSecret, table } from './terminal.ts';

const LISTS = [
  'teams',
  'users',
  'sip-accounts',
  'pbx',
  'ami',
  'mailbox',
  'message-sources',
  'message-keeping',
  'business',
  'dispositions',
  'break-reasons',
  'text-blocks',
  'queues',
  'custom-fields',
  'current-customer',
  'products',
];

export const COMMANDS: Record<string, Command> = {
  list: {
    usage: `list <${LISTS.join('|')}>`,
    about: 'shows what is there',
    options: {},
    run: async (call, _, [thing]) => {
      if (thing === undefined || !LISTS.includes(thing)) throw new CommandProblem(`list one of: ${LISTS.join(', ')}`);
      const { items } = AdminList.parse(await call('GET', `/v1/admin/${thing}`));
      // One form, not a list: printed as `business FILE.json` takes it back.
      if ((thing === 'business' || thing === 'current-customer') && items[0]) return JSON.stringify(items[0], null, 2);
      return items.length === 0 ? 'none' : table(items);
    },
  },
  team: {
    usage: 'team --name NAME',
    about: 'creates a team',
    options: { name: 'text' },
    run: (call, options) => put(call, 'teams', { name: need(options, 'name') }, need(options, 'name')),
  },
  user: {
    usage: 'user --login LOGIN --name NAME --role ROLE [--team TEAM] [--keep-password]',
    about: 'creates or changes a user; asks for the password, or takes it from stdin',
    options: { login: 'text', name: 'text', role: 'text', team: 'text', 'keep-password': 'switch' },
    run: async (call, options) => {
      const user = { login: need(options, 'login'), name: need(options, 'name'), role: need(options, 'role') };
      const password = options['keep-password'] ? {} : { password: await readSecret(`password of ${user.login}`) };
      return put(call, 'users', { ...user, ...password, team: maybe(options, 'team') }, user.login);
    },
  },
  'disable-user': {
    usage: 'disable-user --login LOGIN',
    about: 'lets a user in no more',
    options: { login: 'text' },
    run: async (call, options) => {
      await call('DELETE', `/v1/admin/users/${encodeURIComponent(need(options, 'login'))}`);
      return `${need(options, 'login')}: disabled`;
    },
  },
  'sip-account': {
    usage: 'sip-account --login LOGIN --username EXTENSION [--display-name NAME]',
    about: "gives a user their line; asks for the line's password, or takes it from stdin",
    options: { login: 'text', username: 'text', 'display-name': 'text' },
    run: async (call, options) => {
      const line = { login: need(options, 'login'), username: need(options, 'username') };
      const displayName = maybe(options, 'display-name') ?? '';
      const password = await readSecret(`SIP password of ${line.username}`);
      return put(call, 'sip-accounts', { ...line, displayName, password }, line.login);
    },
  },
  pbx: {
    usage:
      'pbx --server wss://HOST:PORT/ws --domain DOMAIN [--backup wss://HOST:PORT/ws,…] [--stun stun:HOST:PORT]' +
      ' [--parking 701,702,…] [--pick-up *8] [--pick-up-from *8] [--keys audio|info]',
    about: 'says where the PBX is, its places and codes for parking and pick-up, and how it wants keys',
    options: {
      server: 'text',
      backup: 'text',
      domain: 'text',
      stun: 'text',
      parking: 'text',
      'pick-up': 'text',
      'pick-up-from': 'text',
      keys: 'text',
    },
    run: (call, options) => {
      const stun = maybe(options, 'stun');
      const iceServers = stun === null ? [] : [{ urls: stun }];
      const backupServers = maybe(options, 'backup')?.split(',');
      const features = {
        parking: maybe(options, 'parking')?.split(','),
        pickUp: maybe(options, 'pick-up') ?? undefined,
        pickUpFrom: maybe(options, 'pick-up-from') ?? undefined,
        keys: maybe(options, 'keys') ?? undefined,
      };
      const pbx = { server: need(options, 'server'), domain: need(options, 'domain'), iceServers, features };
      return put(call, 'pbx', backupServers ? { ...pbx, backupServers } : pbx, 'pbx');
    },
  },
  ami: {
    usage: 'ami --host HOST --username NAME [--port 5038] [--pause-seconds 120] | ami --off',
    about: "lets the centre hear the PBX (Asterisk's manager); asks for the secret, or takes it from stdin",
    options: { host: 'text', port: 'text', username: 'text', 'pause-seconds': 'text', off: 'switch' },
    run: async (call, options) => {
      if (options.off) {
        await call('PUT', '/v1/admin/ami', null);
        return 'ami: off';
      }
      const account = { host: need(options, 'host'), username: need(options, 'username') };
      const port = Number(maybe(options, 'port') ?? 5038);
      const pauseSeconds = Number(maybe(options, 'pause-seconds') ?? 120);
      const secret = await readSecret(`secret of ${account.username}`);
      return put(call, 'ami', { ...account, port, pauseSeconds, secret }, 'ami');
    },
  },
  ...MAIL_COMMANDS,
  ...SOURCE_COMMANDS,
  business: {
    usage: 'business FILE.json',
    about: 'name, currency, wrap-up time and calling policy; `list business` shows the form',
    options: {},
    run: (call, _, [file]) => put(call, 'business', parseJson(readFile(file)), 'business'),
  },
  ...CATALOGUE_COMMANDS,
  ...SCRIPT_COMMAND,
  import: IMPORT_COMMAND,
  'load-customers': {
    usage: 'load-customers FILE.csv',
    about:
      'columns: customerNumber,name,phone,phone2,email,address,kind,language,tier,birthday,customerSince,custom.KEY',
    options: {},
    run: (call, _, [file]) => loadCustomers(call, file),
  },
  'load-do-not-call': {
    usage: 'load-do-not-call FILE.csv',
    about: 'the whole register (columns: phone,listedAt); numbers that are not in it come off the list',
    options: {},
    run: (call, _, [file]) => loadDoNotCall(call, file),
  },
  'erase-customer': {
    usage: 'erase-customer --id UUID',
    about: 'erases a customer for good, here and on every desk',
    options: { id: 'text' },
    run: async (call, options) => {
      const answer = await call('DELETE', `/v1/admin/customers/${encodeURIComponent(need(options, 'id'))}`);
      return `${z.object({ erasedRows: z.int() }).parse(answer).erasedRows} rows erased`;
    },
  },
  assign: {
    usage: 'assign --customer NUMBER --login LOGIN|--team TEAM [--list NAME] [--remove]',
    about:
      'puts a customer on the desks of an agent or a team, where desks do not hold everybody (business: deskHolds)',
    options: { customer: 'text', login: 'text', team: 'text', list: 'text', remove: 'switch' },
    run: async (call, options) => {
      const customerNumber = need(options, 'customer');
      const list = maybe(options, 'list');
      const holder = { login: maybe(options, 'login'), team: maybe(options, 'team') };
      const body = { customerNumber, ...holder, ...(list === null ? {} : { list }), active: !options.remove };
      await call('PUT', '/v1/admin/assignments', body);
      return `${customerNumber}: ${options.remove ? 'removed' : 'assigned'}`;
    },
  },
  desks: {
    usage: 'desks',
    about: 'every desk: who used it, when it last sent something, and whether it was wiped',
    options: {},
    run: async (call) => {
      const { items } = DeskList.parse(await call('GET', '/v1/admin/desks'));
      return items.length === 0 ? 'none' : table(items.map((one) => ({ ...one, agents: one.agents.join(' ') })));
    },
  },
  'wipe-desk': {
    usage: 'wipe-desk --id UUID --reason TEXT [--hand-in] | wipe-desk --id UUID --withdraw',
    about:
      'a lost desk: signs everybody out of it and removes its data at its next contact; with --hand-in its unsent work is taken first',
    options: { id: 'text', reason: 'text', 'hand-in': 'switch', withdraw: 'switch' },
    run: async (call, options) => {
      const path = `/v1/admin/desks/${encodeURIComponent(need(options, 'id'))}/wipe`;
      if (options.withdraw) {
        await call('DELETE', path);
        return `${need(options, 'id')}: the order is withdrawn`;
      }
      await call('POST', path, { handIn: options['hand-in'] === true, reason: need(options, 'reason') });
      return `${need(options, 'id')}: to be wiped at its next contact`;
    },
  },
  'new-epoch': {
    usage: 'new-epoch',
    about: 'makes every desk fetch everything again and re-send its last work, e.g. after a restore by hand',
    options: {},
    run: async (call) =>
      `epoch ${z.object({ epoch: z.string() }).parse(await call('POST', '/v1/admin/new-epoch')).epoch}`,
  },
};
