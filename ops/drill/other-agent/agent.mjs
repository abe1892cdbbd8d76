// An agent in another language than Picket's own, written from proto/*.proto and proto/README.md alone.
//
//   node agent.mjs join CODE --contract DIR --data DIR [--name NAME]
//   node agent.mjs run --contract DIR --data DIR --bundle FILE

import { parseArgs } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { openBundle, PROVIDER_CLASS } from './bundle.mjs';
import { call, loadContract, status, stub } from './contract.mjs';
import { Lease, LeaseLost, ViewsFailed } from './lease.mjs';
import { COORDINATOR, join, recall, renewed } from './membership.mjs';
import { credentialsFor } from './trust.mjs';

const WAIT_MILLISECONDS = 10_000;
const CALL_MILLISECONDS = 30_000;
const TRIES = 6;
const LONGEST_PAUSE_MILLISECONDS = 30_000;
/** proto/README.md: these are to be sent again, with jittered backoff. */
const PASSING = [status.UNAVAILABLE, status.RESOURCE_EXHAUSTED, status.DEADLINE_EXCEEDED, status.INTERNAL];

class Agent {
  constructor(contract, folder, bundle) {
    this.contract = contract;
    this.folder = folder;
    this.bundle = bundle;
    this.stopping = new AbortController();
  }

  say(words) {
    console.log(words);
  }

  /** Believes the coordinator alone, and shows it the certificate of now. */
  async connect(atOnce) {
    const before = this.member ?? recall(this.folder);
    const member = await this.repeated(() => renewed(this.contract, before, this.folder, atOnce));
    if (member !== this.member) {
      this.leases?.close();
      this.member = member;
      const shown = credentialsFor(member.certificates[1], COORDINATOR, member);
      this.leases = stub(this.contract, 'Leases', member.address, shown);
    }
  }

  /** Tries again what may pass, a bounded number of times. */
  async repeated(action) {
    for (let tries = 1; ; tries++) {
      try {
        return await action();
      } catch (error) {
        if (!PASSING.includes(error.code) || tries === TRIES || this.stopping.signal.aborted) {
          throw error;
        }
        const longest = Math.min(LONGEST_PAUSE_MILLISECONDS, 500 * 2 ** tries);
        await this.rest(longest * (0.5 + Math.random() / 2));
      }
    }
  }

  /** Rests that long, or until it is to stop. */
  async rest(milliseconds) {
    await pause(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => {});
  }

  async acquire() {
    try {
      return await call(this.leases, 'Acquire', {
        bundleDigests: [this.bundle.digest],
        providerClass: PROVIDER_CLASS,
        viewsPerSecond: 0,
        wait: { milliseconds: WAIT_MILLISECONDS },
      }, WAIT_MILLISECONDS + CALL_MILLISECONDS, this.stopping.signal);
    } catch (error) {
      if (error.code !== status.UNAUTHENTICATED) {
        throw error;
      }
      await this.connect(true);
      return { outcome: 'none', none: { reason: 'REASON_UNSPECIFIED', comeBack: { milliseconds: 0 } } };
    }
  }

  async run() {
    const { signal } = this.stopping;
    let said = '';
    while (!signal.aborted) {
      await this.connect(false);
      const answer = await this.repeated(() => this.acquire());
      if (answer.outcome === 'grant') {
        said = '';
        await this.work(new Lease(this, this.bundle, answer.grant));
      } else {
        if (said !== answer.none.reason) {
          said = answer.none.reason;
          this.say(`no lease: ${said}`);
        }
        await this.rest(Number(answer.none.comeBack?.milliseconds ?? 0));
      }
    }
  }

  async work(lease) {
    const { signal } = this.stopping;
    try {
      const { objects } = await lease.work(signal);
      this.say(`shard ${lease.grant.shardId}: done, ${objects} objects`);
    } catch (error) {
      if (error instanceof LeaseLost) {
        this.say(`shard ${lease.grant.shardId}: lost, ${error.message}`);
      } else if (signal.aborted) {
        await lease.giveBack('STOPPING', '');
      } else {
        const reason = error instanceof ViewsFailed ? error.reason : 'INFERENCE_FAILED';
        this.say(`shard ${lease.grant.shardId}: given back, ${reason}: ${error.message}`);
        await lease.giveBack(reason, error.message.slice(0, 200));
        await this.rest(1_000);
      }
    }
  }
}

async function main() {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      contract: { type: 'string' },
      data: { type: 'string' },
      name: { type: 'string', default: 'other-agent' },
      bundle: { type: 'string' },
    },
  });
  const [command, code] = positionals;
  if (!values.contract || !values.data || !(command === 'join' ? code : command === 'run' && values.bundle)) {
    throw new Error('agent.mjs join CODE --contract DIR --data DIR, or agent.mjs run --contract DIR --data DIR --bundle FILE');
  }
  const contract = loadContract(values.contract);
  if (command === 'join') {
    const member = await join(contract, code, values.name, values.data);
    console.log(`joined as agent ${member.id}`);
    return;
  }
  const agent = new Agent(contract, values.data, await openBundle(contract, values.bundle));
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.once(name, () => agent.stopping.abort());
  }
  await agent.connect(false);
  agent.say(`agent ${agent.member.id} works for the coordinator`);
  await agent.run().catch((error) => {
    if (!agent.stopping.signal.aborted) {
      throw error;
    }
  });
  agent.leases.close();
}

main().catch((error) => {
  console.error(`other-agent: ${error.details ?? error.message}`);
  process.exitCode = 1;
});
