package org.picket.model.clip;

import java.nio.file.Path;
import org.picket.model.graph.ModelFault;

/// The last layer of a CLIP encoder, which some exports leave out: embedding = weights times pooled output.
///
/// @param weights row by row
/// @param rows numbers in an embedding
/// @param columns numbers in a pooled output
record Projection(float[] weights, int rows, int columns) {
    static final String OF_VISION = "visual_projection.weight";
    static final String OF_TEXT = "text_projection.weight";

    /// Reads one of the two.
    ///
    /// @throws ModelFault where the file has none such
    static Projection read(Path file, String name) {
        WeightsFile.Tensor tensor = new WeightsFile(file).tensor(name);
        if (tensor.shape().length != 2) {
            throw new ModelFault(file + " has a " + name + " of " + tensor.shape().length
                    + " axes, not two. Give the model.safetensors of the same CLIP model.");
        }
        return new Projection(tensor.values(), tensor.shape()[0], tensor.shape()[1]);
    }

    /// The embedding of a pooled output.
    ///
    /// @throws ModelFault if that has another length
    float[] of(float[] pooled) {
        if (pooled.length != columns) {
            throw new ModelFault("The encoder gives " + pooled.length + " numbers and its projection takes " + columns
                    + ": they are not of one model.");
        }
        float[] embedding = new float[rows];
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int column = 0; column < columns; column++) {
                sum += (double) weights[row * columns + column] * pooled[column];
            }
            embedding[row] = (float) sum;
        }
        return embedding;
    }

    /// The same weights with rows and columns changed over: what a product from the right takes.
    float[] transposed() {
        float[] transposed = new float[weights.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = weights[row * columns + column];
            }
        }
        return transposed;
    }
}
