package org.picket.agent.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import java.util.Locale;
import java.util.OptionalLong;

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

    /// Adds this provider to a session. TF32 is off: it moves scores by 1e-3, which is more than quorum allows.
    ///
    /// @param gpuMemory bytes of its arena, where it has one that can be bounded: CUDA. What the driver and its
    /// libraries take for themselves, some hundred megabytes, is not among them
    void addTo(OrtSession.SessionOptions options, OptionalLong gpuMemory) throws OrtException {
        switch (this) {
            case CPU -> {}
            case CUDA -> {
                try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(FIRST_DEVICE)) {
                    cuda.add("use_tf32", "0");
                    if (gpuMemory.isPresent()) {
                        cuda.add("gpu_mem_limit", Long.toString(gpuMemory.getAsLong()));
                        // Else the arena doubles itself, up to the limit, whatever is needed.
                        cuda.add("arena_extend_strategy", "kSameAsRequested");
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
