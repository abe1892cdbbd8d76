package org.picket.cli;

import java.io.File;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.picket.agent.inference.EngineSettings;
import org.picket.agent.session.AgentLimits;
import org.picket.agent.session.WorkHours;
import org.picket.coordinator.artifact.ArtifactSettings;
import org.picket.coordinator.lease.LeaseSettings;
import org.picket.crawler.removal.SiteRules;
import org.picket.crawler.supply.SiteLimits;
import org.picket.proto.circle.Circle;
import org.picket.runtime.channel.Address;
import org.picket.runtime.channel.Addresses;
import org.picket.runtime.config.ConfigKey;
import org.picket.runtime.config.Readers;

/// The settings of the one command.
final class Keys {
    static final ConfigKey<Path> DATA =
            ConfigKey.of("data.dir", "where Picket keeps its database and keys", Readers::path);
    static final ConfigKey<Path> PROGRAMS = ConfigKey.of(
            "programs.dir",
            "where the database's programs and the decoders' libraries are unpacked, 250 MB, for several data folders"
                    + " to share; default: in each data folder",
            Readers::path);
    static final ConfigKey<ScanMode> MODE = ConfigKey.of(
            "scan.mode",
            "what is done about what is found: observe, quarantine, delete",
            Readers.choice(ScanMode.class));
    static final ConfigKey<PolicyChoice> POLICY = ConfigKey.of(
            "scan.policy",
            "policy file; for 'crawler run' also collective:NAME, the one of that name that the coordinator hands out",
            PolicyChoice::parse);
    static final ConfigKey<Path> BUNDLE = ConfigKey.of("scan.bundle", "bundle file", Readers::path);
    static final ConfigKey<List<Path>> FURTHER_BUNDLES =
            ConfigKey.of("scan.further-bundles", "bundle files that the policy asks after the first one", Keys::paths);
    static final ConfigKey<Duration> SINCE =
            ConfigKey.of("scan.since", "only objects modified within this span, for instance 36h", Readers::span);
    static final ConfigKey<Integer> AGENTS =
            ConfigKey.of("scan.agents", "agents to run in this process", Readers.integer(1, 64));
    static final ConfigKey<String> PROVIDER =
            ConfigKey.of("agent.provider", "what infers: auto, cpu, cuda, tensorrt, coreml", Keys::provider);
    static final ConfigKey<WorkHours.Hours> AGENT_HOURS = ConfigKey.of(
            "agent.hours",
            "when an agent takes leases, by this machine's clock, for instance 22:00-07:00; default: always",
            WorkHours::readHours);
    static final ConfigKey<Set<DayOfWeek>> AGENT_DAYS = ConfigKey.of(
            "agent.days",
            "on which days the agent's hours begin, for instance mon-fri or sat,sun; default: every day",
            WorkHours::readDays);
    static final ConfigKey<Long> AGENT_DOWN = ConfigKey.of(
            "agent.bandwidth-down",
            "bytes of views, bundles and natives that an agent takes in within a second, on average, for instance 2MB; at least 100kB;"
                    + " default: no bound",
            Readers.byteRate(AgentLimits.LEAST_BYTES_PER_SECOND));
    static final ConfigKey<Long> AGENT_UP = ConfigKey.of(
            "agent.bandwidth-up",
            "bytes of verdicts that an agent sends within a second, on average, for instance 50kB; at least 10kB;"
                    + " default: no bound",
            Readers.byteRate(AgentLimits.LEAST_BYTES_UP_PER_SECOND));
    static final ConfigKey<Long> AGENT_GPU_MEMORY = ConfigKey.of(
            "agent.gpu-memory",
            "memory of the graphics card that an agent may compute with (CUDA), for instance 4GB; default: no bound",
            Keys::gpuMemory);
    static final ConfigKey<Integer> AGENT_GPU_BUSY = ConfigKey.of(
            "agent.gpu-busy",
            "percent of the graphics card's time that others may use: while it is more, the agent takes no lease;"
                    + " default: it does not look",
            Readers.integer(0, 99));
    static final ConfigKey<Long> AGENT_BUNDLE_SPACE = ConfigKey.of(
            "agent.bundle-space",
            "bytes of bundles that an agent fetches and keeps; those not used for longest go first; default 8GB",
            Readers::bytes);
    static final ConfigKey<Path> PROVIDER_PACK = ConfigKey.of(
            "agent.provider-pack",
            "file with the native libraries of ONNX Runtime for this machine; default: those of the program, or from the"
                    + " coordinator",
            Readers::path);
    static final ConfigKey<Path> ARTIFACTS = ConfigKey.of(
            "coordinator.artifacts",
            "folder of the bundles and provider packs that the coordinator hands out to agents, and of the policies that it"
                    + " hands out to crawlers; default: none",
            Readers::path);
    static final ConfigKey<Long> ARTIFACTS_RATE = ConfigKey.of(
            "coordinator.artifacts-bandwidth",
            "bytes of these that go out within a second, to all agents together, for instance 10MB; default 100MB",
            Readers.byteRate(ArtifactSettings.LEAST_BYTES_PER_SECOND));
    static final ConfigKey<String> STORAGE = ConfigKey.of(
            "crawler.storage",
            "the storage that 'crawler run' serves: a folder, or s3://bucket/prefix; --storage goes before it",
            Readers::text);
    static final ConfigKey<List<Path>> STORAGE_FILES = ConfigKey.of(
            "crawler.storage-files",
            "files of settings of further storages, each with its crawler.storage and what is that storage's own",
            Keys::paths);
    static final ConfigKey<Integer> DECODERS =
            ConfigKey.of("crawler.decoders", "decoder processes; default: one for each core", Readers.integer(1, 256));
    static final ConfigKey<Integer> CRAWLER_CALLS = ConfigKey.of(
            "crawler.calls-per-second",
            "objects read of the storage within a second, and calls to an S3 server for whatever purpose, 1 to 10000;"
                    + " default: 1000 calls to an S3 server, no bound for a folder",
            Readers.integer(1, CrawlerBounds.MOST_CALLS_PER_SECOND));
    static final ConfigKey<Long> CRAWLER_READ = ConfigKey.of(
            "crawler.read-bandwidth",
            "bytes of objects read of the storage within a second, on average, for instance 5MB; at least 600kB;"
                    + " default: no bound",
            Readers.byteRate(SiteLimits.LEAST_BYTES_READ_PER_SECOND));
    static final ConfigKey<Long> CRAWLER_SEND = ConfigKey.of(
            "crawler.send-bandwidth",
            "bytes of views that 'crawler run' sends to agents within a second, on average, for instance 2MB; at least"
                    + " 100kB; default: no bound",
            Readers.byteRate(SiteLimits.LEAST_BYTES_SENT_PER_SECOND));
    static final ConfigKey<Integer> CRAWLER_PURGES = ConfigKey.of(
            "crawler.purges-per-hour",
            "purges within any hour, whoever orders them, 1 to 100000; default: 1000 that a coordinator elsewhere orders,"
                    + " 100000 that a command here does",
            Readers.integer(1, SiteRules.MOST_PURGES_PER_HOUR));
    static final ConfigKey<InetSocketAddress> METRICS = ConfigKey.of(
            "metrics.address",
            "where a scan answers Prometheus, on this machine, for instance 127.0.0.1:9464",
            Keys::loopback);
    static final ConfigKey<Address> COORDINATOR_LISTEN =
            ConfigKey.of("coordinator.listen", "where the coordinator listens, HOST:PORT", Address::parse);
    static final ConfigKey<Address> COORDINATOR_ADDRESS = ConfigKey.of(
            "coordinator.address",
            "where members reach the coordinator, HOST:PORT; default: where it listens",
            Address::parse);
    static final ConfigKey<Addresses> MEMBER_COORDINATORS = ConfigKey.of(
            "member.coordinators",
            "where the collective's coordinators are, HOST:PORT,HOST:PORT; default: as the invite said",
            Addresses::parse);
    static final ConfigKey<Address> CRAWLER_LISTEN =
            ConfigKey.of("crawler.listen", "where the crawler serves views to agents, HOST:PORT", Address::parse);
    static final ConfigKey<Address> CRAWLER_ADDRESS = ConfigKey.of(
            "crawler.address", "where agents reach the crawler, HOST:PORT; default: where it listens", Address::parse);
    static final ConfigKey<ViewsWay> CRAWLER_VIEWS = ConfigKey.of(
            "crawler.views",
            "how views reach agents: auto (over the coordinator, and directly where crawler.listen says so), direct,"
                    + " relay",
            Readers.choice(ViewsWay.class));
    static final ConfigKey<Long> RELAY_SITE_BYTES = ConfigKey.of(
            "relay.site-bytes",
            "bytes of views that the coordinator relays for one site within a day; default 100GB",
            Readers::bytes);
    static final ConfigKey<Long> RELAY_AGENT_BYTES = ConfigKey.of(
            "relay.agent-bytes",
            "bytes of views that the coordinator relays to one agent within a day; default 100GB",
            Readers::bytes);
    static final ConfigKey<Integer> RELAY_STREAMS = ConfigKey.of(
            "relay.streams",
            "streams of views that the coordinator relays at once, of up to 2 MiB each; 0: none; default 256",
            Readers.integer(0, 4_096));
    static final ConfigKey<Duration> LEASE_TTL = ConfigKey.of(
            "lease.ttl",
            "how long agents keep a lease without a heartbeat, and one of several coordinators is taken for alive without"
                    + " a sign of life, 5s to 10m; default 60s",
            Readers.span(LeaseSettings.LEAST_TTL, LeaseSettings.MOST_TTL));
    static final ConfigKey<Duration> CRAWLER_EVERY =
            ConfigKey.of("crawler.every", "how long after one scan the next begins, for instance 1h", Readers::span);
    static final ConfigKey<Boolean> CRAWLER_HEEDS = ConfigKey.of(
            "crawler.heed-administrators",
            "whether a crawler carries out what an administrator of the site orders though its mode forbids it, purges"
                    + " among it: true, false; default false, since the coordinator alone vouches for the person",
            Readers::flag);
    static final ConfigKey<Circle> CRAWLER_CIRCLE = ConfigKey.of(
            "crawler.circle",
            "whose agents may see the pictures, with commas between: " + Circle.FORMS
                    + ", or \"" + Circle.OPEN
                    + "\" alone; default: the one that its invite named, else everyone; a storage that has a"
                    + " circle must be given one",
            text -> Circle.parse(List.of(text.split(","))));
    static final ConfigKey<URI> S3_ENDPOINT =
            ConfigKey.of("s3.endpoint", "address of an S3-compatible server", Readers::endpoint);
    static final ConfigKey<String> S3_REGION = ConfigKey.of("s3.region", "region; default us-east-1", Readers::text);
    static final ConfigKey<Boolean> S3_PATH_STYLE =
            ConfigKey.of("s3.path-style", "bucket in the path, not in the host name: true, false", Readers::flag);
    static final ConfigKey<String> DATABASE_URL =
            ConfigKey.of("database.url", "a PostgreSQL of your own: jdbc:postgresql://host:port/database", Keys::jdbc);
    static final ConfigKey<String> DATABASE_USER =
            ConfigKey.of("database.user", "user for database.url", Readers::text);
    static final ConfigKey<String> DATABASE_PASSWORD =
            ConfigKey.secret("database.password", "password for database.url", text -> text);

    static final List<ConfigKey<?>> ALL = List.of(
            DATA,
            PROGRAMS,
            MODE,
            POLICY,
            BUNDLE,
            FURTHER_BUNDLES,
            SINCE,
            AGENTS,
            PROVIDER,
            AGENT_HOURS,
            AGENT_DAYS,
            AGENT_DOWN,
            AGENT_UP,
            AGENT_GPU_MEMORY,
            AGENT_GPU_BUSY,
            AGENT_BUNDLE_SPACE,
            PROVIDER_PACK,
            ARTIFACTS,
            ARTIFACTS_RATE,
            STORAGE,
            STORAGE_FILES,
            DECODERS,
            METRICS,
            COORDINATOR_LISTEN,
            COORDINATOR_ADDRESS,
            MEMBER_COORDINATORS,
            CRAWLER_LISTEN,
            CRAWLER_ADDRESS,
            CRAWLER_VIEWS,
            CRAWLER_EVERY,
            CRAWLER_HEEDS,
            CRAWLER_CIRCLE,
            CRAWLER_CALLS,
            CRAWLER_READ,
            CRAWLER_SEND,
            CRAWLER_PURGES,
            RELAY_SITE_BYTES,
            RELAY_AGENT_BYTES,
            RELAY_STREAMS,
            LEASE_TTL,
            S3_ENDPOINT,
            S3_REGION,
            S3_PATH_STYLE,
            DATABASE_URL,
            DATABASE_USER,
            DATABASE_PASSWORD);

    /// Those that each storage of a crawler may have for itself.
    static final List<ConfigKey<?>> OF_STORAGE = List.of(
            STORAGE,
            MODE,
            POLICY,
            BUNDLE,
            FURTHER_BUNDLES,
            SINCE,
            CRAWLER_EVERY,
            CRAWLER_HEEDS,
            CRAWLER_CIRCLE,
            CRAWLER_CALLS,
            CRAWLER_READ,
            CRAWLER_PURGES,
            S3_ENDPOINT,
            S3_REGION,
            S3_PATH_STYLE);

    /// Those of which a process has one.
    static final List<ConfigKey<?>> OF_PROCESS =
            ALL.stream().filter(key -> !OF_STORAGE.contains(key)).toList();

    /// Variables of the launcher, which are no settings, and the one that names the file of settings.
    static final List<String> LAUNCHER_VARIABLES =
            List.of("PICKET_JAVA_HOME", "PICKET_HEAP", "PICKET_CONFIG", "PICKET_LOG_LEVEL");

    private static final int MOST_PORT = 65_535;

    private Keys() {}

    /// Parts of a list of files: as the platform separates the parts of a path variable.
    private static List<Path> paths(String text) {
        return Stream.of(text.split(File.pathSeparator))
                .filter(part -> !part.isBlank())
                .map(Readers::path)
                .toList();
    }

    private static String provider(String text) {
        String name = text.strip().toLowerCase(java.util.Locale.ROOT);
        if (List.of("auto", "cpu", "cuda", "tensorrt", "coreml").contains(name)) {
            return name;
        }
        throw new IllegalArgumentException("is none of auto, cpu, cuda, tensorrt, coreml");
    }

    private static InetSocketAddress loopback(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon > 0 ? text.substring(0, colon) : "127.0.0.1";
        String port = text.substring(colon + 1).strip();
        if (port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= MOST_PORT) {
            InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
            if (!address.isUnresolved() && address.getAddress().isLoopbackAddress()) {
                return address;
            }
        }
        throw new IllegalArgumentException("is no port of this machine's own, such as 127.0.0.1:9464");
    }

    private static String jdbc(String text) {
        if (text.startsWith("jdbc:postgresql://") && !text.contains("password=")) {
            return text;
        }
        throw new IllegalArgumentException(
                "is not an address such as jdbc:postgresql://localhost:5432/picket without a password in it");
    }

    private static Long gpuMemory(String text) {
        long bytes = Readers.bytes(text);
        if (bytes < EngineSettings.LEAST_GPU_MEMORY) {
            throw new IllegalArgumentException("is too little to compute with: from 256MB on");
        }
        return bytes;
    }
}
