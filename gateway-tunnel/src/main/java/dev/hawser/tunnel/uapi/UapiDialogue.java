// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One client's requests and our answers: {@code get=1} or {@code set=1} with lines of {@code key=value}, ended by an empty line;
 * the answer ends in {@code errno=N} and an empty line. One thread.
 */
final class UapiDialogue {
    /** A line is a key of 64 digits with its name, or an address; ten times that is nobody's. */
    static final int LONGEST_LINE = 1_024;

    /** A thousand peers with forty ranges each. */
    static final int MOST_LINES = 65_536;

    private final InputStream in;
    private final OutputStream out;
    private final UapiDevice device;

    UapiDialogue(InputStream in, OutputStream out, UapiDevice device) {
        this.in = in;
        this.out = out;
        this.device = device;
    }

    /** Answers until the client has gone or says what is no request. */
    void run() throws IOException {
        Optional<String> operation = line();
        while (operation.isPresent()) {
            Optional<List<String>> lines = lines();
            if (lines.isEmpty()) {
                return;
            }
            switch (operation.get()) {
                case "get=1" -> get(lines.get());
                case "set=1" -> end(set(lines.get()));
                default -> {
                    end(Errno.INVALID);
                    return;
                }
            }
            operation = line();
        }
    }

    private void get(List<String> lines) throws IOException {
        Optional<DeviceView> view = device.view();
        if (!lines.isEmpty() || view.isEmpty()) {
            end(lines.isEmpty() ? Errno.NO_DEVICE : Errno.INVALID);
            return;
        }
        try (ViewText text = ViewText.of(view.get())) {
            text.writeTo(out);
        }
        end(Errno.OK);
    }

    private Errno set(List<String> lines) {
        Optional<SetRequest> request = SetRequest.parse(lines);
        if (request.isEmpty()) {
            return Errno.INVALID;
        }
        Optional<DeviceView> view = device.view();
        if (view.isEmpty()) {
            return Errno.NO_DEVICE;
        }
        Ownership ownership = new Ownership(view.get());
        Errno judgement = ownership.judge(request.get());
        if (judgement == Errno.OK) {
            ownership.moves().forEach(device::move);
        }
        return judgement;
    }

    private void end(Errno errno) throws IOException {
        out.write(("errno=" + errno.code() + "\n\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** The lines up to the empty one; nothing if it does not come. */
    private Optional<List<String>> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        while (lines.size() <= MOST_LINES) {
            Optional<String> line = line();
            if (line.isEmpty() || line.get().isEmpty()) {
                return line.map(_ -> lines);
            }
            lines.add(line.get());
        }
        return Optional.empty();
    }

    /** The next line without its end; nothing if the client has gone or the line is too long. */
    private Optional<String> line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && line.length() < LONGEST_LINE) {
            if (next == '\n') {
                return Optional.of(line.toString());
            }
            line.append((char) next);
            next = in.read();
        }
        return Optional.empty();
    }
}
