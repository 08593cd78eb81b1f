// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The decision not to connect: a status and one sentence for the person at the other end. The sentence is always one of
 * ours and never repeats what the client sent, nor what the system said.
 *
 * @param error the same for programs (RFC 9209)
 * @param retryAfterSeconds when it is worth trying again, 0 where nobody can say
 */
public record Refusal(Status status, ProxyError error, String sentence, int retryAfterSeconds) {
    /** One header field of an answer. */
    public record Field(String name, String value) {}

    public Refusal(Status status, ProxyError error, String sentence) {
        this(status, error, sentence, 0);
    }

    /** The header fields that say why, in every version of HTTP the same. The names are in lower case. */
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        if (status == Status.METHOD_NOT_ALLOWED) {
            fields.add(new Field("allow", "CONNECT"));
        }
        if (retryAfterSeconds > 0) {
            fields.add(new Field("retry-after", Integer.toString(retryAfterSeconds)));
        }
        fields.add(new Field("proxy-status", error.field()));
        fields.add(new Field("content-type", "text/plain"));
        fields.add(new Field("content-length", Integer.toString(sentence.length() + 1)));
        return List.copyOf(fields);
    }

    /** The content of the answer, ASCII. */
    public String content() {
        return sentence + '\n';
    }

    /** The whole response of HTTP/1.1, ASCII, after which the connection is closed. */
    public String response() {
        StringBuilder response = new StringBuilder(320)
                .append("HTTP/1.1 ")
                .append(status.code())
                .append(' ')
                .append(status.phrase())
                .append("\r\nConnection: close\r\n");
        for (Field field : fields()) {
            response.append(capitalised(field.name()))
                    .append(": ")
                    .append(field.value())
                    .append("\r\n");
        }
        return response.append("\r\n").append(content()).toString();
    }

    /** As people are used to see it; names of fields are the same in any case (RFC 9110 section 5.1). */
    private static String capitalised(String name) {
        StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < text.length(); i++) {
            if (i == 0 || text.charAt(i - 1) == '-') {
                text.setCharAt(i, Character.toUpperCase(text.charAt(i)));
            }
        }
        return text.toString();
    }
}
