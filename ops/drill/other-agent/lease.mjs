// One lease from its grant to its end: views in, scores, one sealed verdict a segment out.

import { createHash } from 'node:crypto';
import { call, status, stub } from './contract.mjs';
import { open, sha256 } from './seal.mjs';
import { credentialsFor } from './trust.mjs';
import { PROVIDER_CLASS, quantised } from './bundle.mjs';

const CALL_MILLISECONDS = 30_000;
/** Views held before they are scored: bounds memory, whatever a segment holds. */
const HELD_VIEWS = 32;
const AGENT_VERSION = 'other-agent/0.1.0';

/** A lease that is no longer this agent's. */
export class LeaseLost extends Error {}

/** Views that could not be had, for which the lease is to be given back with that reason. */
export class ViewsFailed extends Error {
  constructor(reason, cause) {
    super(cause.message, { cause });
    this.reason = reason;
  }
}

/** What a segment has gathered up to now. */
class Segment {
  constructor(bundle) {
    this.bundle = bundle;
    this.held = [];
    this.scores = [];
    this.views = 0;
    this.digests = createHash('sha256');
    this.began = 0;
  }

  async add(pixels) {
    if (pixels.length !== this.bundle.viewBytes) {
      throw new ViewsFailed('VIEWS_FAILED', new Error(`a view of ${pixels.length} bytes`));
    }
    this.began ||= Date.now();
    this.views += 1;
    this.digests.update(sha256(pixels));
    this.held.push(pixels);
    if (this.held.length === HELD_VIEWS) {
      await this.flush();
    }
  }

  async flush() {
    if (this.held.length > 0) {
      this.scores.push(quantised(await this.bundle.score(Buffer.concat(this.held))));
      this.held = [];
    }
  }
}

export class Lease {
  /** @param {object} agent contract, member, leases (stub) and say, as agent.mjs has them */
  constructor(agent, bundle, grant) {
    this.agent = agent;
    this.bundle = bundle;
    this.grant = grant;
    this.cursor = 0;
  }

  /** Refuses a grant that is not what its ticket says, or that this bundle cannot serve. */
  check() {
    const { contract, member } = this.agent;
    const { ticket, fence, shardId, bundleDigest, preprocessingDigest } = this.grant;
    const statement = contract.decode('TicketStatement', open('ticket', ticket, member.coordinatorKey));
    const { viewSize, preprocessingVersion } = this.bundle.manifest;
    const preprocessing = contract.encode('Preprocessing', { version: preprocessingVersion, viewSize });
    const sound = statement.agentKeyId.equals(member.key.id)
      && statement.shardId === shardId
      && statement.fence.leaseId.equals(fence.leaseId)
      && bundleDigest.equals(this.bundle.digest)
      && preprocessingDigest.equals(sha256(preprocessing));
    if (!sound) {
      throw new Error('a grant that does not fit its ticket, this agent or its bundle');
    }
  }

  /** Works until the views end, the lease is lost, or the signal stops it. */
  async work(signal) {
    this.check();
    const { contract, member } = this.agent;
    const { direct, ticket } = this.grant;
    if (!direct) {
      throw new ViewsFailed('VIEWS_OUT_OF_REACH', new Error('a grant without an address of its views'));
    }
    const peer = `picket://crawler/${direct.crawlerMemberId}`;
    const crawler = stub(contract, 'Views', direct.address, credentialsFor(member.certificates[1], peer, member));
    const stream = crawler.Open({ ticket });
    const stop = () => stream.cancel();
    signal.addEventListener('abort', stop);
    const beat = setInterval(() => this.heartbeat(stream), Number(this.grant.ttl.milliseconds) / 3);
    try {
      return await this.read(stream);
    } catch (error) {
      throw this.lost ? new LeaseLost(this.lost) : this.named(error);
    } finally {
      clearInterval(beat);
      signal.removeEventListener('abort', stop);
      stream.cancel();
      crawler.close();
    }
  }

  named(error) {
    switch (error.code) {
      case undefined:
      case status.CANCELLED:
        return error;
      case status.FAILED_PRECONDITION:
        return new LeaseLost(error.details);
      case status.UNAVAILABLE:
      case status.DEADLINE_EXCEEDED:
        return new ViewsFailed('VIEWS_OUT_OF_REACH', error);
      default:
        return new ViewsFailed('VIEWS_FAILED', error);
    }
  }

  async read(stream) {
    let segment = new Segment(this.bundle);
    let complete = false;
    for await (const message of stream) {
      switch (message.message) {
        case 'chunk':
          await segment.add(message.chunk.pixels);
          break;
        case 'segment':
          await segment.flush();
          complete = await this.report(segment, message.segment.from, message.segment.to);
          segment = new Segment(this.bundle);
          break;
        case 'end':
          return { objects: message.end.objects, complete };
        default:
          throw new ViewsFailed('VIEWS_FAILED', new Error('a message of the views that is none'));
      }
    }
    throw new ViewsFailed('VIEWS_OUT_OF_REACH', new Error('the views ended before their end'));
  }

  async heartbeat(stream) {
    const { fence, shardId } = this.grant;
    try {
      const answer = await call(this.agent.leases, 'Heartbeat', { fence, shardId, cursor: this.cursor }, CALL_MILLISECONDS);
      if (answer.outcome === 'lost') {
        this.lost = answer.lost.reason;
        stream.cancel();
      }
    } catch (error) {
      // The next one, or the report, tells.
      this.agent.say(`a heartbeat was not answered: ${error.details}`);
    }
  }

  /** @return whether the lease is over with this verdict */
  async report(segment, from, to) {
    const { contract, member } = this.agent;
    const { fence, shardId, bundleDigest, preprocessingDigest } = this.grant;
    const scores = Buffer.concat(segment.scores);
    const statement = contract.encode('VerdictStatement', {
      fence,
      shardId,
      from,
      to,
      bundleDigest,
      preprocessingDigest,
      providerClass: PROVIDER_CLASS,
      viewsDigest: segment.digests.digest(),
      scoresDigest: sha256(scores),
      views: segment.views,
      agentVersion: AGENT_VERSION,
      took: { milliseconds: segment.began ? Date.now() - segment.began : 0 },
    });
    const request = { verdict: member.key.seal('verdict', statement), scores };
    const answer = await this.agent.repeated(() => call(this.agent.leases, 'Report', request, CALL_MILLISECONDS));
    switch (answer.outcome) {
      case 'accepted':
        this.cursor = answer.accepted.cursor;
        this.agent.say(`shard ${shardId}: objects ${from} to ${to}, ${segment.views} views, accepted`);
        return answer.accepted.complete;
      case 'evidence':
        throw new LeaseLost(answer.evidence.reason);
      default:
        throw new Error(`the verdict was rejected: ${answer.rejected?.reason} ${answer.rejected?.detail ?? ''}`);
    }
  }

  async giveBack(reason, detail) {
    const { fence, shardId } = this.grant;
    await call(this.agent.leases, 'GiveBack', { fence, shardId, reason, detail }, CALL_MILLISECONDS);
  }
}
