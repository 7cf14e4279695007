/**
 * Files that are read again when they change: users, access rules, certificates.
 *
 * <p>Knows times and bytes of files, not what they mean. {@code access} and {@code connection} call
 * in.
 */
@NullMarked
package dev.limpet.broker.files;

import org.jspecify.annotations.NullMarked;
