package org.picket.model.clip;

import org.picket.model.build.CpuRun;
import org.picket.model.graph.ElementType;
import org.picket.model.graph.Graph;
import org.picket.model.graph.ModelFault;
import org.picket.model.graph.OnnxModel;
import org.picket.model.graph.Port;

/// How a view's bytes come into a model that takes planes of red, green and blue: by operations in a graph, and,
/// sharing nothing with them, by plain arithmetic.
///
/// @param input the model's, float or half float `[N, 3, size, size]`
/// @param type of its elements
/// @param preprocessor how bytes become numbers
/// @param size side of a view
public record Planes(Port input, ElementType type, Preprocessor preprocessor, int size) {
    private static final int CLIP_SIZE = 224;
    private static final int MAX_SIZE = 1_024;

    /// For one input of a model. The side is what the model fixes, else what the preprocessor says, else CLIP's.
    ///
    /// @throws ModelFault where the input takes something else
    public static Planes of(OnnxModel model, Port input, Preprocessor preprocessor) {
        boolean planes = input.shape().size() == 4 && input.side(1).orElse(3L) == 3;
        ElementType type = input.type()
                .filter(known -> planes && (known == ElementType.FLOAT || known == ElementType.FLOAT16))
                .filter(known -> input.side(2).equals(input.side(3)))
                .orElseThrow(() -> new ModelFault(model.file() + " takes " + input.inWords()
                        + ", not square pictures of three planes as float [N, 3, size, size]. Export it that way."));
        var fixed = input.side(2).map(Math::toIntExact);
        var said = preprocessor.size();
        if (fixed.isPresent() && said.isPresent() && !fixed.equals(said)) {
            throw new ModelFault(model.file() + " takes pictures of " + fixed.get() + " pixels, and "
                    + preprocessor.file().map(String::valueOf).orElse("the preprocessor") + " makes them of "
                    + said.get() + ": they are not of one model.");
        }
        int size = fixed.or(() -> said).orElse(CLIP_SIZE);
        if (size < 1 || size > MAX_SIZE) {
            throw new ModelFault(model.file() + " takes pictures of " + size + " pixels; a view has at most " + MAX_SIZE
                    + ". Use a smaller model.");
        }
        return new Planes(input, type, preprocessor, size);
    }

    /// The operations from the graph's `views` on.
    public String in(Graph graph) {
        float[] scale = new float[3];
        float[] shift = new float[3];
        for (int channel = 0; channel < 3; channel++) {
            double deviation = preprocessor.deviation().get(channel);
            scale[channel] = (float) (preprocessor.rescale() / deviation);
            shift[channel] = (float) (-preprocessor.mean().get(channel) / deviation);
        }
        String scaled = graph.apply("Mul", graph.castToFloat("views"), graph.constant(scale, 3));
        String planes = graph.transpose(graph.apply("Add", scaled, graph.constant(shift, 3)), 0, 3, 1, 2);
        return type == ElementType.FLOAT ? planes : graph.cast(planes, type);
    }

    /// One view by plain arithmetic.
    public CpuRun.Input of(byte[] view) {
        int pixels = view.length / 3;
        float[] planes = new float[view.length];
        for (int channel = 0; channel < 3; channel++) {
            double mean = preprocessor.mean().get(channel);
            double deviation = preprocessor.deviation().get(channel);
            for (int pixel = 0; pixel < pixels; pixel++) {
                double unit = (view[pixel * 3 + channel] & 0xFF) * preprocessor.rescale();
                planes[channel * pixels + pixel] = (float) ((unit - mean) / deviation);
            }
        }
        return CpuRun.Input.floats(type, planes, 1, 3, size, size);
    }
}
