package app.tillsight.android

import android.Manifest.permission.POST_NOTIFICATIONS
import android.app.Application
import android.app.Notification
import android.app.NotificationManager
import app.tillsight.Notice
import app.tillsight.NoticeKind
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Notices as Android's own notification service gets them. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [35])
class NoticePosterTest {
    private val app: Application = RuntimeEnvironment.getApplication()
    private val manager = app.getSystemService(NotificationManager::class.java)!!
    private val poster = NoticePoster(app, android.R.drawable.ic_dialog_info, Plain)

    private object Plain : NoticeText {
        override fun channel(channel: NoticeChannel) = channel.name
        override fun title(notice: Notice) = notice.store
        override fun text(notice: Notice) = notice.methods.joinToString()
    }

    private fun notice(kind: NoticeKind, id: String, method: String) =
        Notice(id, kind, "s", "Caffè Uno", listOf(method), emptyList(), 0u, null, 1_790_000_000_000)

    private fun posted(): List<Notification> = shadowOf(manager).allNotifications

    @Test
    fun `nothing is posted before the person allows it, and the state says why`() {
        assertEquals(PermissionState.NOT_GRANTED, Permissions(app).notifications())
        assertFalse(poster.post(notice(NoticeKind.PAID, "p", "Visa")))
        shadowOf(app).grantPermissions(POST_NOTIFICATIONS)
        assertEquals(PermissionState.READY, Permissions(app).notifications())
        shadowOf(manager).setNotificationsEnabled(false)
        assertEquals(PermissionState.SWITCHED_OFF, Permissions(app).notifications())
        assertFalse(poster.post(notice(NoticeKind.PAID, "p", "Visa")))
        assertTrue(posted().isEmpty())
    }

    @Test
    fun `a later notice of the same takes the place of the earlier one`() {
        shadowOf(app).grantPermissions(POST_NOTIFICATIONS)
        assertTrue(poster.post(notice(NoticeKind.NOT_PAID, "p", "Visa")))
        assertTrue(poster.post(notice(NoticeKind.PAID, "p", "Wallet")))
        assertTrue(poster.post(notice(NoticeKind.DEPOSITED, "d", "Bank")))
        val said = posted().map { it.extras.getCharSequence(Notification.EXTRA_TEXT).toString() }
        assertEquals(setOf("Wallet", "Bank"), said.toSet())
    }

    @Test
    fun `doors and money are channels of their own, and a locked screen hides both`() {
        shadowOf(app).grantPermissions(POST_NOTIFICATIONS)
        poster.post(notice(NoticeKind.AT_THE_DOOR, "s", "Visa"))
        poster.post(notice(NoticeKind.PAID, "p", "Visa"))
        assertEquals(listOf("DOOR", "MONEY"), manager.notificationChannels.map { it.name.toString() }.sorted())
        assertEquals(2, posted().map { it.channelId }.distinct().size)
        assertTrue(posted().all { it.visibility == Notification.VISIBILITY_PRIVATE })
        assertEquals("Caffè Uno", posted().first().extras.getString(Notification.EXTRA_TITLE))
    }
}
