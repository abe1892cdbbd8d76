package org.picket.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.picket.proto.v1.ArtifactProto;
import org.picket.proto.v1.BundleProto;
import org.picket.proto.v1.CommonProto;
import org.picket.proto.v1.EnrolmentProto;
import org.picket.proto.v1.HashListProto;
import org.picket.proto.v1.LeaseProto;
import org.picket.proto.v1.ListingProto;
import org.picket.proto.v1.MemberProto;
import org.picket.proto.v1.OverviewProto;
import org.picket.proto.v1.PolicyProto;
import org.picket.proto.v1.RelayProto;
import org.picket.proto.v1.RemovalProto;
import org.picket.proto.v1.SiteProto;
import org.picket.proto.v1.SupplyProto;

/// Holds the contract against the one that peers were built with. Each line of the golden file is one promise:
/// a field's number and type, an enum's number, a call's shape.
class ContractCompatibilityTest {
    private static final Path GOLDEN = Path.of("src/test/resources/contract.golden");

    @Test
    void noPromiseOfTheContractIsBrokenAndEachIsWrittenDown() throws IOException {
        List<String> present = present();
        if ("write".equals(System.getProperty("picket.golden"))) {
            Files.createDirectories(GOLDEN.getParent());
            Files.write(GOLDEN, present);
        }
        TreeSet<String> broken = new TreeSet<>(Files.readAllLines(GOLDEN));
        broken.removeAll(present);
        assertTrue(
                broken.isEmpty(),
                "a peer built with the contract as it was would break on: " + String.join("\n", broken));
        assertEquals(
                Files.readAllLines(GOLDEN),
                present,
                "the contract has grown; write it down: mvn test -pl proto -Dpicket.golden=write");
    }

    @Test
    void eachFileOfTheContractIsLookedAt() throws IOException {
        try (Stream<Path> folder = Files.list(Path.of("src/main/proto/picket/v1"))) {
            assertEquals(
                    folder.map(path -> "picket/v1/" + path.getFileName())
                            .sorted()
                            .toList(),
                    files().stream().map(FileDescriptor::getFullName).sorted().toList());
        }
    }

    @Test
    void noFieldNumberIsUsedTwice() {
        for (FileDescriptor file : files()) {
            for (Descriptor message : file.getMessageTypes()) {
                List<Integer> numbers = message.getFields().stream()
                        .map(FieldDescriptor::getNumber)
                        .toList();
                assertEquals(numbers.size(), new TreeSet<>(numbers).size(), message.getFullName());
            }
        }
    }

    private static List<String> present() {
        TreeSet<String> lines = new TreeSet<>();
        for (FileDescriptor file : files()) {
            file.getMessageTypes().forEach(message -> message(message, lines));
            file.getEnumTypes().forEach(type -> enumeration(type, lines));
            file.getServices().forEach(service -> service(service, lines));
        }
        return new ArrayList<>(lines);
    }

    private static void message(Descriptor message, TreeSet<String> lines) {
        for (FieldDescriptor field : message.getFields()) {
            String type = switch (field.getJavaType()) {
                case MESSAGE -> field.getMessageType().getFullName();
                case ENUM -> field.getEnumType().getFullName();
                default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
            };
            String oneof = field.getContainingOneof() == null
                    ? ""
                    : " in " + field.getContainingOneof().getName();
            lines.add(message.getFullName() + "." + field.getName() + " = " + field.getNumber() + ": "
                    + (field.isRepeated() ? "repeated " : "") + type + oneof);
        }
        message.getNestedTypes().forEach(nested -> message(nested, lines));
        message.getEnumTypes().forEach(nested -> enumeration(nested, lines));
    }

    private static void enumeration(EnumDescriptor type, TreeSet<String> lines) {
        type.getValues()
                .forEach(value -> lines.add(type.getFullName() + "." + value.getName() + " = " + value.getNumber()));
    }

    private static void service(ServiceDescriptor service, TreeSet<String> lines) {
        service.getMethods()
                .forEach(method -> lines.add(method.getFullName() + "("
                        + (method.isClientStreaming() ? "stream " : "")
                        + method.getInputType().getFullName() + ") returns ("
                        + (method.isServerStreaming() ? "stream " : "")
                        + method.getOutputType().getFullName() + ")"));
    }

    private static List<FileDescriptor> files() {
        return List.of(
                ArtifactProto.getDescriptor(),
                CommonProto.getDescriptor(),
                EnrolmentProto.getDescriptor(),
                HashListProto.getDescriptor(),
                ListingProto.getDescriptor(),
                LeaseProto.getDescriptor(),
                RelayProto.getDescriptor(),
                SupplyProto.getDescriptor(),
                RemovalProto.getDescriptor(),
                SiteProto.getDescriptor(),
                BundleProto.getDescriptor(),
                MemberProto.getDescriptor(),
                OverviewProto.getDescriptor(),
                PolicyProto.getDescriptor());
    }
}
