package org.picket.runtime.telemetry;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Optional;

/// What calls are counted by. Methods are those of the contract, so there are only so many.
record CallKind(MethodDescriptor<?, ?> method, Status.Code status) {
    Label[] labels() {
        return new Label[] {
            Label.of("service", service()),
            Label.of("method", Optional.ofNullable(method.getBareMethodName()).orElse("none")),
            Label.of("status", status)
        };
    }

    private String service() {
        String full = Optional.ofNullable(method.getServiceName()).orElse("none");
        return full.substring(full.lastIndexOf('.') + 1);
    }
}
