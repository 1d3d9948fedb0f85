import { Registerer, UserAgent } from 'sip.js';

// The least that can show a caller: SIP.js as it comes, and one text node. The desk is measured against this.
const { username, password, domain, server } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
let calls = 0;

const userAgent = new UserAgent({
  uri: UserAgent.makeURI(`sip:${username}@${domain}`),
  authorizationUsername: username,
  authorizationPassword: password,
  transportOptions: { server, traceSip: false },
  logBuiltinEnabled: false,
  delegate: {
    onInvite: (invitation) => {
      const line = document.createElement('p');
      line.setAttribute('elementtiming', `bare-${calls++}`);
      line.textContent = invitation.remoteIdentity.uri.user ?? '';
      document.body.replaceChildren(line);
    },
  },
});
await userAgent.start();
await new Registerer(userAgent).register();
