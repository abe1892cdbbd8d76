// A bundle file: opened, held against its own digests, and tried on its golden views before it scores anything.

import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import ort from 'onnxruntime-web';
import { sha256 } from './seal.mjs';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const NAMES = ['manifest.pb', 'model.onnx', 'golden.bin', 'CARD.md'];
const STORED = 0;
const DEFLATED = 8;
/** Views in one run of the graph. */
const BATCH = 16;
/** score times 16,384, as a signed 16-bit integer. */
const FIXED_POINT = 16_384;

/** The parts of a zip file, by its central directory. Files beyond 4 GiB (zip64) are none that a proof needs. */
function unzip(file) {
  const end = file.lastIndexOf(Buffer.from('504b0506', 'hex'));
  if (end < 0 || file.readUInt32LE(end) !== END) {
    throw new Error('the bundle is no zip file');
  }
  const parts = new Map();
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
    if (file.readUInt32LE(at) !== ENTRY) {
      throw new Error('the bundle has a broken directory');
    }
    const method = file.readUInt16LE(at + 10);
    const packed = file.readUInt32LE(at + 20);
    const bytes = file.readUInt32LE(at + 24);
    const nameBytes = file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameBytes);
    const local = file.readUInt32LE(at + 42);
    const from = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const content = file.subarray(from, from + packed);
    if (method !== STORED && method !== DEFLATED) {
      throw new Error(`the bundle's ${name} is packed in a way that no bundle is`);
    }
    parts.set(name, method === STORED ? content : inflateRawSync(content, { maxOutputLength: bytes + 1 }));
    at += 46 + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return parts;
}

/** Scores as the wire has them. */
export function quantised(scores) {
  const bytes = Buffer.alloc(scores.length * 2);
  scores.forEach((score, i) => {
    bytes.writeInt16BE(Math.max(-32_768, Math.min(32_767, Math.round(score * FIXED_POINT))), i * 2);
  });
  return bytes;
}

export class Bundle {
  constructor(digest, manifest, session) {
    this.digest = digest;
    this.manifest = manifest;
    this.session = session;
    this.viewBytes = manifest.viewSize * manifest.viewSize * 3;
  }

  /** Scores, view by view in order of concepts, of views that lie one after the other. */
  async score(views) {
    const { viewSize, concepts } = this.manifest;
    const count = views.length / this.viewBytes;
    const scores = new Float32Array(count * concepts.length);
    for (let from = 0; from < count; from += BATCH) {
      const to = Math.min(count, from + BATCH);
      const pixels = new Uint8Array(views.subarray(from * this.viewBytes, to * this.viewBytes));
      const input = new ort.Tensor('uint8', pixels, [to - from, viewSize, viewSize, 3]);
      const output = await this.session.run({ views: input }, ['scores']);
      scores.set(output.scores.data, from * concepts.length);
    }
    return scores;
  }

  /** What keeps this runtime from scoring as the bundle's maker did, or nothing. */
  async goldenFault(golden) {
    const { goldenScores, toleranceAbsolute, toleranceRelative } = this.manifest;
    const scores = await this.score(golden);
    const wrong = goldenScores.findIndex((reference, i) =>
      !(Math.abs(scores[i] - reference) <= toleranceAbsolute + toleranceRelative * Math.abs(reference)));
    return wrong < 0 ? '' : `golden score ${wrong} is ${scores[wrong]} where ${goldenScores[wrong]} is due`;
  }
}

export const PROVIDER_CLASS = `wasm/fp32/onnxruntime-web-${ort.env.versions.web}`;

export async function openBundle(contract, path) {
  const parts = unzip(readFileSync(path));
  const missing = NAMES.filter((name) => !parts.has(name));
  if (missing.length > 0) {
    throw new Error(`the bundle lacks ${missing.join(', ')}`);
  }
  const manifestBytes = parts.get('manifest.pb');
  const manifest = contract.decode('BundleManifest', manifestBytes);
  for (const [name, part] of [['model.onnx', manifest.model], ['golden.bin', manifest.golden], ['CARD.md', manifest.card]]) {
    if (!sha256(parts.get(name)).equals(part.sha256)) {
      throw new Error(`the bundle's ${name} is not what its manifest names`);
    }
  }
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(parts.get('model.onnx'), { executionProviders: ['wasm'] });
  const bundle = new Bundle(sha256(manifestBytes), manifest, session);
  const fault = await bundle.goldenFault(parts.get('golden.bin'));
  if (fault) {
    throw new Error(`the bundle does not pass its own golden views here: ${fault}`);
  }
  return bundle;
}
