package org.picket.agent.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.util.Locale;
import java.util.Map;

/// What computes.
public enum Provider {
    CPU(OrtProvider.CPU),
    CUDA(OrtProvider.CUDA),
    TENSORRT(OrtProvider.TENSOR_RT),
    COREML(OrtProvider.CORE_ML);

    private static final int FIRST_DEVICE = 0;

    private final OrtProvider runtimeName;

    Provider(OrtProvider runtimeName) {
        this.runtimeName = runtimeName;
    }

    /// The name in settings and provider classes.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    OrtProvider runtimeName() {
        return runtimeName;
    }

    /// Adds this provider to a session.
    ///
    /// @param settings bounds of its memory, where that can be bounded: CUDA
    void addTo(OrtSession.SessionOptions options, EngineSettings settings) throws OrtException {
        switch (this) {
            case CPU -> {}
            case CUDA -> {
                try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(FIRST_DEVICE)) {
                    for (Map.Entry<String, String> one : settings.cuda().entrySet()) {
                        cuda.add(one.getKey(), one.getValue());
                    }
                    options.addCUDA(cuda);
                }
            }
            case TENSORRT -> {
                try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions(FIRST_DEVICE)) {
                    options.addTensorrt(tensorRt);
                }
            }
            case COREML -> options.addCoreML();
        }
    }
}
