/** TEST-NET-1 (RFC 5737). Asterisk offers browsers no address of 127.0.0.0/8, so its loopback carries one more. */
export const PBX_EXTRA_ADDRESS = '192.0.2.1';

/**
 * The command line that runs `command` in network and process namespaces of its own: no network but loopback, so
 * nothing can leave the machine and no port is taken; whatever it started ends with it, however it ends. There is
 * nothing to clean up afterwards (`ip netns add` would leave its name behind after a kill). Linux and root only.
 */
export function inLoopbackOnly(command) {
  const prepare = `ip link set lo up && ip address add ${PBX_EXTRA_ADDRESS}/32 dev lo && exec "$@"`;
  // The first word ties it to us: when we are killed, it is killed, and with it everything in its namespaces.
  const namespaces = ['unshare', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return ['setpriv', '--pdeathsig', 'KILL', ...namespaces, 'sh', '-c', prepare, 'sh', ...command];
}
