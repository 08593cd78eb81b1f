// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where results are kept: {@code results.json} has the figures of every bench that ran, {@code BENCH.json} beside it the
 * machine, the versions and the samples of one.
 */
public record ResultFolder(Path folder) {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String FIGURES = "results.json";

    /** Puts the figures of this run in the place of those of an earlier run of the same bench. */
    public void keep(Run run, List<Figure> figures) {
        List<Figure> all = new ArrayList<>(figures(""));
        all.removeIf(figure -> figure.bench().equals(run.bench()));
        all.addAll(figures);
        write(FIGURES, all);
        write(run.bench() + ".json", run);
    }

    /** The figures of a bench, or of all if it is empty. */
    public List<Figure> figures(String bench) {
        if (!Files.exists(folder.resolve(FIGURES))) {
            return List.of();
        }
        return List.of(read(FIGURES, Figure[].class)).stream()
                .filter(figure -> bench.isEmpty() || figure.bench().equals(bench))
                .toList();
    }

    /** How the figures of a bench came about. */
    public Run run(String bench) {
        if (!Files.exists(folder.resolve(bench + ".json"))) {
            throw new BenchmarkException(
                    "there is no result of " + bench + " in " + folder + "; run: make bench-" + bench);
        }
        return read(bench + ".json", Run.class);
    }

    private <T> T read(String name, Class<T> type) {
        Path file = folder.resolve(name);
        try {
            return JSON.readValue(Files.readString(file), type);
        } catch (IOException e) {
            throw new BenchmarkException(
                    file + " is not what a bench wrote (" + firstLine(e) + "); delete it and run the bench again", e);
        }
    }

    private void write(String name, Object value) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(folder);
            Files.writeString(file, JSON.writeValueAsString(value) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result without a JSON form: " + value, e);
        } catch (IOException e) {
            throw new BenchmarkException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static String firstLine(IOException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
