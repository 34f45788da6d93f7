/** A proxy as the environment names it; its address may contain a password and is never printed. */
export interface Proxy {
  /** The variable that names it. */
  readonly variable: string;
  readonly address: string;
}

/** The proxy between here and an origin, by HTTP_PROXY, HTTPS_PROXY and NO_PROXY; the lower-case name wins, as in curl. */
export function proxyOf(origin: string, env: NodeJS.ProcessEnv): Proxy | undefined {
  const upper = origin.startsWith('https:') ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const variable = env[upper.toLowerCase()] === undefined ? upper : upper.toLowerCase();
  const address = env[variable];
  if (!address || isExempt(new URL(origin), env.no_proxy ?? env.NO_PROXY ?? '')) return undefined;
  return { variable, address };
}

/** What is wrong with the address of a proxy; the address itself is not quoted. */
export function proxyProblem({ variable, address }: Proxy): string | undefined {
  if (!URL.canParse(address)) return `the proxy address in ${variable} is not a URL`;
  return ['http:', 'https:'].includes(new URL(address).protocol)
    ? undefined
    : `the proxy address in ${variable} is neither http nor https`;
}

/** Whether NO_PROXY names a host: itself or a domain that it is in, of this port if it names one; `*` names all. */
function isExempt({ protocol, hostname, port }: URL, noProxy: string): boolean {
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const [, host = '', only = ownPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      const name = host.replace(/^\*?\./, '');
      return name !== '' && only === ownPort && (hostname === name || hostname.endsWith(`.${name}`));
    });
}
