/**
 * Files that are read again when they change: users, access rules, certificates.
 *
 * <p>Knows times and bytes of files, not what they mean, and looks at them on a thread of its own.
 * {@code access}, {@code connection.listener} and the {@code cluster} module call in.
 */
@NullMarked
package dev.limpet.broker.files;

import org.jspecify.annotations.NullMarked;
