// The contract, read from the .proto files when the agent starts: services for calls, message types for statements.

import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const FILES = ['enrolment', 'lease', 'supply', 'bundle'];
/** proto/README.md, "Limits". */
const MESSAGE_BYTES = 4 * 1024 * 1024;
const REPORT_BYTES = 16 * 1024 * 1024;

/** Which version of the contract this agent speaks: proto/README.md, "Compatibility". */
const CONTRACT_VERSION = '2';

const tellVersion = (options, next) => new grpc.InterceptingCall(next(options), {
  start: (metadata, listener, start) => {
    metadata.set('picket-contract', CONTRACT_VERSION);
    start(metadata, listener);
  },
});

/** Loads `picket.v1` from the folder that holds `picket/v1/*.proto`. */
export function loadContract(folder) {
  const definition = loader.loadSync(
    FILES.map((name) => `picket/v1/${name}.proto`),
    { includeDirs: [folder], longs: String, enums: String, defaults: true, oneofs: true });
  const services = grpc.loadPackageDefinition(definition).picket.v1;
  const type = (name) => definition[`picket.v1.${name}`];
  return {
    services,
    encode: (name, value) => Buffer.from(type(name).serialize(value)),
    decode: (name, bytes) => type(name).deserialize(bytes),
  };
}

/** A stub of a service, over a channel that believes one peer alone. */
export function stub(contract, service, address, credentials) {
  return new contract.services[service](address, credentials, {
    interceptors: [tellVersion],
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': REPORT_BYTES,
    // Names of hosts decide nothing; a number is not allowed as one, so none is told.
    'grpc.ssl_target_name_override': 'picket.invalid',
    'grpc.keepalive_time_ms': 30_000,
  });
}

/** One call with one answer, which a signal may end early. */
export function call(client, method, request, milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const under = client[method](request, { deadline: Date.now() + milliseconds }, (error, answer) => {
      signal?.removeEventListener('abort', cancel);
      return error ? reject(error) : resolve(answer);
    });
    const cancel = () => under.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

export const { status } = grpc;
export const { credentials } = grpc;
