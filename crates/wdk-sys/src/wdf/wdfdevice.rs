//! Framework devices.
//!
//! DDI header: `wdfdevice.h`.

use crate::declare::{c_enum, c_struct, c_union};
#[allow(unused_imports)]
use super::*;

/// `IdleTimeoutDefaultValue`.
pub const IdleTimeoutDefaultValue: ULONG = 0;

c_enum! {
    /// `WDF_DEVICE_STATE_FLAGS`.
    enum _WDF_DEVICE_STATE_FLAGS as WDF_DEVICE_STATE_FLAGS, PWDF_DEVICE_STATE_FLAGS {
        WdfDevStateNP = 32768,
    }
}

c_enum! {
    /// `WDF_DEVICE_PNP_STATE`.
    enum _WDF_DEVICE_PNP_STATE as WDF_DEVICE_PNP_STATE, PWDF_DEVICE_PNP_STATE {
        WdfDevStatePnpInvalid = 0,
        WdfDevStatePnpObjectCreated = 256,
        WdfDevStatePnpCheckForDevicePresence = 257,
        WdfDevStatePnpEjectFailed = 258,
        WdfDevStatePnpEjectHardware = 259,
        WdfDevStatePnpEjectedWaitingForRemove = 260,
        WdfDevStatePnpInit = 261,
        WdfDevStatePnpInitStarting = 262,
        WdfDevStatePnpInitSurpriseRemoved = 263,
        WdfDevStatePnpHardwareAvailable = 264,
        WdfDevStatePnpEnableInterfaces = 265,
        WdfDevStatePnpHardwareAvailablePowerPolicyFailed = 266,
        WdfDevStatePnpQueryRemoveAskDriver = 267,
        WdfDevStatePnpQueryRemovePending = 268,
        WdfDevStatePnpQueryRemoveStaticCheck = 269,
        WdfDevStatePnpQueriedRemoving = 270,
        WdfDevStatePnpQueryStopAskDriver = 271,
        WdfDevStatePnpQueryStopPending = 272,
        WdfDevStatePnpQueryStopStaticCheck = 273,
        WdfDevStatePnpQueryCanceled = 274,
        WdfDevStatePnpRemoved = 275,
        WdfDevStatePnpPdoRemoved = 276,
        WdfDevStatePnpRemovedPdoWait = 277,
        WdfDevStatePnpRemovedPdoSurpriseRemoved = 278,
        WdfDevStatePnpRemovingDisableInterfaces = 279,
        WdfDevStatePnpRestarting = 280,
        WdfDevStatePnpStarted = 281,
        WdfDevStatePnpStartedCancelStop = 282,
        WdfDevStatePnpStartedCancelRemove = 283,
        WdfDevStatePnpStartedRemoving = 284,
        WdfDevStatePnpStartingFromStopped = 285,
        WdfDevStatePnpStopped = 286,
        WdfDevStatePnpStoppedWaitForStartCompletion = 287,
        WdfDevStatePnpStartedStopping = 288,
        WdfDevStatePnpSurpriseRemove = 289,
        WdfDevStatePnpInitQueryRemove = 290,
        WdfDevStatePnpInitQueryRemoveCanceled = 291,
        WdfDevStatePnpFdoRemoved = 292,
        WdfDevStatePnpRemovedWaitForChildren = 293,
        WdfDevStatePnpQueriedSurpriseRemove = 294,
        WdfDevStatePnpSurpriseRemoveIoStarted = 295,
        WdfDevStatePnpFailedPowerDown = 296,
        WdfDevStatePnpFailedIoStarting = 297,
        WdfDevStatePnpFailedOwnHardware = 298,
        WdfDevStatePnpFailed = 299,
        WdfDevStatePnpFailedSurpriseRemoved = 300,
        WdfDevStatePnpFailedStarted = 301,
        WdfDevStatePnpFailedWaitForRemove = 302,
        WdfDevStatePnpFailedInit = 303,
        WdfDevStatePnpPdoInitFailed = 304,
        WdfDevStatePnpRestart = 305,
        WdfDevStatePnpRestartReleaseHardware = 306,
        WdfDevStatePnpRestartHardwareAvailable = 307,
        WdfDevStatePnpPdoRestart = 308,
        WdfDevStatePnpFinal = 309,
        WdfDevStatePnpRemovedChildrenRemoved = 310,
        WdfDevStatePnpQueryRemoveEnsureDeviceAwake = 311,
        WdfDevStatePnpQueryStopEnsureDeviceAwake = 312,
        WdfDevStatePnpFailedPowerPolicyRemoved = 313,
        WdfDevStatePnpNull = 314,
    }
}

c_enum! {
    /// `WDF_DEVICE_POWER_STATE`.
    enum _WDF_DEVICE_POWER_STATE as WDF_DEVICE_POWER_STATE, PWDF_DEVICE_POWER_STATE {
        WdfDevStatePowerInvalid = 0,
        WdfDevStatePowerObjectCreated = 768,
        WdfDevStatePowerCheckDeviceType = 769,
        WdfDevStatePowerCheckDeviceTypeNP = 33538,
        WdfDevStatePowerCheckParentState = 771,
        WdfDevStatePowerCheckParentStateNP = 33540,
        WdfDevStatePowerEnablingWakeAtBus = 773,
        WdfDevStatePowerEnablingWakeAtBusNP = 33542,
        WdfDevStatePowerD0 = 775,
        WdfDevStatePowerD0NP = 33544,
        WdfDevStatePowerD0BusWakeOwner = 777,
        WdfDevStatePowerD0BusWakeOwnerNP = 33546,
        WdfDevStatePowerD0ArmedForWake = 779,
        WdfDevStatePowerD0ArmedForWakeNP = 33548,
        WdfDevStatePowerD0DisarmingWakeAtBus = 781,
        WdfDevStatePowerD0DisarmingWakeAtBusNP = 33550,
        WdfDevStatePowerD0Starting = 783,
        WdfDevStatePowerD0StartingConnectInterrupt = 784,
        WdfDevStatePowerD0StartingDmaEnable = 785,
        WdfDevStatePowerD0StartingStartSelfManagedIo = 786,
        WdfDevStatePowerDecideD0State = 787,
        WdfDevStatePowerGotoD3Stopped = 788,
        WdfDevStatePowerStopped = 789,
        WdfDevStatePowerStartingCheckDeviceType = 790,
        WdfDevStatePowerStartingChild = 791,
        WdfDevStatePowerDxDisablingWakeAtBus = 792,
        WdfDevStatePowerDxDisablingWakeAtBusNP = 33561,
        WdfDevStatePowerGotoDx = 794,
        WdfDevStatePowerGotoDxNP = 33563,
        WdfDevStatePowerGotoDxIoStopped = 796,
        WdfDevStatePowerGotoDxIoStoppedNP = 33565,
        WdfDevStatePowerGotoDxNPFailed = 33566,
        WdfDevStatePowerDx = 799,
        WdfDevStatePowerDxNP = 33568,
        WdfDevStatePowerGotoDxArmedForWake = 801,
        WdfDevStatePowerGotoDxArmedForWakeNP = 33570,
        WdfDevStatePowerGotoDxIoStoppedArmedForWake = 803,
        WdfDevStatePowerGotoDxIoStoppedArmedForWakeNP = 33572,
        WdfDevStatePowerDxArmedForWake = 805,
        WdfDevStatePowerDxArmedForWakeNP = 33574,
        WdfDevStatePowerCheckParentStateArmedForWake = 807,
        WdfDevStatePowerCheckParentStateArmedForWakeNP = 33576,
        WdfDevStatePowerWaitForParentArmedForWake = 809,
        WdfDevStatePowerWaitForParentArmedForWakeNP = 33578,
        WdfDevStatePowerStartSelfManagedIo = 811,
        WdfDevStatePowerStartSelfManagedIoNP = 33580,
        WdfDevStatePowerStartSelfManagedIoFailed = 813,
        WdfDevStatePowerStartSelfManagedIoFailedNP = 33582,
        WdfDevStatePowerWaitForParent = 815,
        WdfDevStatePowerWaitForParentNP = 33584,
        WdfDevStatePowerWakePending = 817,
        WdfDevStatePowerWakePendingNP = 33586,
        WdfDevStatePowerWaking = 819,
        WdfDevStatePowerWakingNP = 33588,
        WdfDevStatePowerWakingConnectInterrupt = 821,
        WdfDevStatePowerWakingConnectInterruptNP = 33590,
        WdfDevStatePowerWakingConnectInterruptFailed = 823,
        WdfDevStatePowerWakingConnectInterruptFailedNP = 33592,
        WdfDevStatePowerWakingDmaEnable = 825,
        WdfDevStatePowerWakingDmaEnableNP = 33594,
        WdfDevStatePowerWakingDmaEnableFailed = 827,
        WdfDevStatePowerWakingDmaEnableFailedNP = 33596,
        WdfDevStatePowerReportPowerUpFailedDerefParent = 829,
        WdfDevStatePowerReportPowerUpFailed = 830,
        WdfDevStatePowerPowerFailedPowerDown = 831,
        WdfDevStatePowerReportPowerDownFailed = 832,
        WdfDevStatePowerInitialConnectInterruptFailed = 833,
        WdfDevStatePowerInitialDmaEnableFailed = 834,
        WdfDevStatePowerInitialSelfManagedIoFailed = 835,
        WdfDevStatePowerInitialPowerUpFailedDerefParent = 836,
        WdfDevStatePowerInitialPowerUpFailed = 837,
        WdfDevStatePowerDxStoppedDisarmWake = 838,
        WdfDevStatePowerDxStoppedDisarmWakeNP = 33607,
        WdfDevStatePowerGotoDxStoppedDisableInterruptNP = 33608,
        WdfDevStatePowerGotoDxStopped = 841,
        WdfDevStatePowerDxStopped = 842,
        WdfDevStatePowerGotoStopped = 843,
        WdfDevStatePowerStoppedCompleteDx = 844,
        WdfDevStatePowerDxStoppedDecideDxState = 845,
        WdfDevStatePowerDxStoppedArmForWake = 846,
        WdfDevStatePowerDxStoppedArmForWakeNP = 33615,
        WdfDevStatePowerFinalPowerDownFailed = 848,
        WdfDevStatePowerFinal = 849,
        WdfDevStatePowerGotoImplicitD3DisarmWakeAtBus = 850,
        WdfDevStatePowerUpFailed = 851,
        WdfDevStatePowerUpFailedDerefParent = 852,
        WdfDevStatePowerGotoDxFailed = 853,
        WdfDevStatePowerGotoDxStoppedDisableInterrupt = 854,
        WdfDevStatePowerUpFailedNP = 33623,
        WdfDevStatePowerUpFailedDerefParentNP = 33624,
        WdfDevStatePowerNotifyingD0ExitToWakeInterrupts = 857,
        WdfDevStatePowerNotifyingD0EntryToWakeInterrupts = 858,
        WdfDevStatePowerNotifyingD0ExitToWakeInterruptsNP = 33627,
        WdfDevStatePowerNotifyingD0EntryToWakeInterruptsNP = 33628,
        WdfDevStatePowerInitialPowerUpFailedPowerDown = 861,
        WdfDevStatePowerUpFailedPowerDown = 862,
        WdfDevStatePowerUpFailedPowerDownNP = 33631,
        WdfDevStatePowerInitialSelfManagedIoFailedStarted = 864,
        WdfDevStatePowerStartSelfManagedIoFailedStarted = 865,
        WdfDevStatePowerStartSelfManagedIoFailedStartedNP = 33634,
        WdfDevStatePowerWakingPostHardwareEnabled = 867,
        WdfDevStatePowerWakingPostHardwareEnabledNP = 33636,
        WdfDevStatePowerWakingPostHardwareEnabledFailed = 869,
        WdfDevStatePowerWakingPostHardwareEnabledFailedNP = 33638,
        WdfDevStatePowerD0StartingPostHardwareEnabled = 871,
        WdfDevStatePowerInitialPostHardwareEnabledFailed = 872,
        WdfDevStatePowerNull = 873,
    }
}

c_enum! {
    /// `WDF_DEVICE_POWER_POLICY_STATE`.
    enum _WDF_DEVICE_POWER_POLICY_STATE as WDF_DEVICE_POWER_POLICY_STATE, PWDF_DEVICE_POWER_POLICY_STATE {
        WdfDevStatePwrPolInvalid = 0,
        WdfDevStatePwrPolObjectCreated = 1280,
        WdfDevStatePwrPolStarting = 1281,
        WdfDevStatePwrPolStartingSucceeded = 1282,
        WdfDevStatePwrPolStartingFailed = 1283,
        WdfDevStatePwrPolStartingDecideS0Wake = 1284,
        WdfDevStatePwrPolStartedIdleCapable = 1285,
        WdfDevStatePwrPolTimerExpiredNoWake = 1286,
        WdfDevStatePwrPolTimerExpiredNoWakeCompletePowerDown = 1287,
        WdfDevStatePwrPolWaitingUnarmed = 1288,
        WdfDevStatePwrPolWaitingUnarmedQueryIdle = 1289,
        WdfDevStatePwrPolS0NoWakePowerUp = 1290,
        WdfDevStatePwrPolS0NoWakeCompletePowerUp = 1291,
        WdfDevStatePwrPolSystemSleepFromDeviceWaitingUnarmed = 1292,
        WdfDevStatePwrPolSystemSleepNeedWake = 1293,
        WdfDevStatePwrPolSystemSleepNeedWakeCompletePowerUp = 1294,
        WdfDevStatePwrPolSystemSleepPowerRequestFailed = 1295,
        WdfDevStatePwrPolCheckPowerPageable = 1296,
        WdfDevStatePwrPolSleepingWakeWakeArrived = 1297,
        WdfDevStatePwrPolSleepingWakeRevertArmWake = 1298,
        WdfDevStatePwrPolSystemAsleepWakeArmed = 1299,
        WdfDevStatePwrPolSystemWakeDeviceWakeEnabled = 1300,
        WdfDevStatePwrPolSystemWakeDeviceWakeEnabledWakeCanceled = 1301,
        WdfDevStatePwrPolSystemWakeDeviceWakeDisarm = 1302,
        WdfDevStatePwrPolSystemWakeDeviceWakeTriggered = 1303,
        WdfDevStatePwrPolSystemWakeDeviceWakeTriggeredS0 = 1304,
        WdfDevStatePwrPolSystemWakeDeviceWokeDisarm = 1305,
        WdfDevStatePwrPolSleepingWakeWakeArrivedNP = 34074,
        WdfDevStatePwrPolSleepingWakeRevertArmWakeNP = 34075,
        WdfDevStatePwrPolSleepingWakePowerDownFailed = 1308,
        WdfDevStatePwrPolSleepingWakePowerDownFailedWakeCanceled = 1309,
        WdfDevStatePwrPolSystemAsleepWakeArmedNP = 34078,
        WdfDevStatePwrPolSystemWakeDeviceWakeEnabledNP = 34079,
        WdfDevStatePwrPolSystemWakeDeviceWakeEnabledWakeCanceledNP = 34080,
        WdfDevStatePwrPolSystemWakeDeviceWakeDisarmNP = 34081,
        WdfDevStatePwrPolSystemWakeDeviceWakeTriggeredNP = 34082,
        WdfDevStatePwrPolSystemWakeDeviceWakeTriggeredS0NP = 34083,
        WdfDevStatePwrPolSystemWakeDeviceWokeDisarmNP = 34084,
        WdfDevStatePwrPolSystemWakeDeviceWakeCompletePowerUp = 1317,
        WdfDevStatePwrPolSleeping = 1318,
        WdfDevStatePwrPolSleepingNoWakePowerDown = 1319,
        WdfDevStatePwrPolSleepingNoWakeCompletePowerDown = 1320,
        WdfDevStatePwrPolSleepingNoWakeDxRequestFailed = 1321,
        WdfDevStatePwrPolSleepingWakePowerDown = 1322,
        WdfDevStatePwrPolSleepingSendWake = 1323,
        WdfDevStatePwrPolSystemAsleepNoWake = 1324,
        WdfDevStatePwrPolSystemWakeDeviceWakeDisabled = 1325,
        WdfDevStatePwrPolSystemWakeDeviceToD0 = 1326,
        WdfDevStatePwrPolSystemWakeDeviceToD0CompletePowerUp = 1327,
        WdfDevStatePwrPolSystemWakeQueryIdle = 1328,
        WdfDevStatePwrPolStartedWakeCapable = 1329,
        WdfDevStatePwrPolTimerExpiredDecideUsbSS = 1330,
        WdfDevStatePwrPolTimerExpiredWakeCapablePowerDown = 1331,
        WdfDevStatePwrPolTimerExpiredWakeCapableSendWake = 1332,
        WdfDevStatePwrPolTimerExpiredWakeCapableUsbSS = 1333,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeArrived = 1334,
        WdfDevStatePwrPolTimerExpiredWakeCapableCancelWake = 1335,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeCanceled = 1336,
        WdfDevStatePwrPolTimerExpiredWakeCapableCleanup = 1337,
        WdfDevStatePwrPolTimerExpiredWakeCapableDxAllocFailed = 1338,
        WdfDevStatePwrPolTimerExpiredWakeCompletedPowerDown = 1339,
        WdfDevStatePwrPolTimerExpiredWakeCompletedPowerUp = 1340,
        WdfDevStatePwrPolWaitingArmedUsbSS = 1341,
        WdfDevStatePwrPolWaitingArmed = 1342,
        WdfDevStatePwrPolWaitingArmedQueryIdle = 1343,
        WdfDevStatePwrPolIoPresentArmed = 1344,
        WdfDevStatePwrPolIoPresentArmedWakeCanceled = 1345,
        WdfDevStatePwrPolS0WakeDisarm = 1346,
        WdfDevStatePwrPolS0WakeCompletePowerUp = 1347,
        WdfDevStatePwrPolTimerExpiredWakeSucceeded = 1348,
        WdfDevStatePwrPolTimerExpiredWakeCompletedDisarm = 1349,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeSucceeded = 1350,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeFailed = 1351,
        WdfDevStatePwrPolWakeFailedUsbSS = 1352,
        WdfDevStatePwrPolTimerExpiredWakeCapablePowerDownFailedCancelWake = 1353,
        WdfDevStatePwrPolTimerExpiredWakeCapablePowerDownFailedWakeCanceled = 1354,
        WdfDevStatePwrPolTimerExpiredWakeCapablePowerDownFailedUsbSS = 1355,
        WdfDevStatePwrPolCancelingWakeForSystemSleep = 1356,
        WdfDevStatePwrPolCancelingWakeForSystemSleepWakeCanceled = 1357,
        WdfDevStatePwrPolDisarmingWakeForSystemSleepCompletePowerUp = 1358,
        WdfDevStatePwrPolPowerUpForSystemSleepFailed = 1359,
        WdfDevStatePwrPolWokeFromS0UsbSS = 1360,
        WdfDevStatePwrPolWokeFromS0 = 1361,
        WdfDevStatePwrPolWokeFromS0NotifyDriver = 1362,
        WdfDevStatePwrPolStoppingResetDevice = 1363,
        WdfDevStatePwrPolStoppingResetDeviceCompletePowerUp = 1364,
        WdfDevStatePwrPolStoppingResetDeviceFailed = 1365,
        WdfDevStatePwrPolStoppingD0 = 1366,
        WdfDevStatePwrPolStoppingD0Failed = 1367,
        WdfDevStatePwrPolStoppingDisarmWake = 1368,
        WdfDevStatePwrPolStoppingDisarmWakeCancelWake = 1369,
        WdfDevStatePwrPolStoppingDisarmWakeWakeCanceled = 1370,
        WdfDevStatePwrPolStopping = 1371,
        WdfDevStatePwrPolStoppingFailed = 1372,
        WdfDevStatePwrPolStoppingSendStatus = 1373,
        WdfDevStatePwrPolStoppingCancelTimer = 1374,
        WdfDevStatePwrPolStoppingWaitForIdleTimeout = 1375,
        WdfDevStatePwrPolStoppingCancelUsbSS = 1376,
        WdfDevStatePwrPolStoppingWaitForUsbSSCompletion = 1377,
        WdfDevStatePwrPolStoppingCancelWake = 1378,
        WdfDevStatePwrPolStopped = 1379,
        WdfDevStatePwrPolCancelUsbSS = 1380,
        WdfDevStatePwrPolStarted = 1381,
        WdfDevStatePwrPolStartedCancelTimer = 1382,
        WdfDevStatePwrPolStartedWaitForIdleTimeout = 1383,
        WdfDevStatePwrPolStartedWakeCapableCancelTimerForSleep = 1384,
        WdfDevStatePwrPolStartedWakeCapableWaitForIdleTimeout = 1385,
        WdfDevStatePwrPolStartedWakeCapableSleepingUsbSS = 1386,
        WdfDevStatePwrPolStartedIdleCapableCancelTimerForSleep = 1387,
        WdfDevStatePwrPolStartedIdleCapableWaitForIdleTimeout = 1388,
        WdfDevStatePwrPolDeviceD0PowerRequestFailed = 1389,
        WdfDevStatePwrPolDevicePowerRequestFailed = 1390,
        WdfDevStatePwrPolGotoDx = 1391,
        WdfDevStatePwrPolGotoDxInDx = 1392,
        WdfDevStatePwrPolDx = 1393,
        WdfDevStatePwrPolGotoD0 = 1394,
        WdfDevStatePwrPolGotoD0InD0 = 1395,
        WdfDevStatePwrPolFinal = 1396,
        WdfDevStatePwrPolSleepingPowerDownNotProcessed = 1397,
        WdfDevStatePwrPolTimerExpiredWakeCapablePowerDownNotProcessed = 1398,
        WdfDevStatePwrPolTimerExpiredNoWakePowerDownNotProcessed = 1399,
        WdfDevStatePwrPolTimerExpiredNoWakePoweredDownDisableIdleTimer = 1400,
        WdfDevStatePwrPolStoppingWaitingForImplicitPowerDown = 1401,
        WdfDevStatePwrPolStoppingPoweringUp = 1402,
        WdfDevStatePwrPolStoppingPoweringDown = 1403,
        WdfDevStatePwrPolPowerUpForSystemSleepNotSeen = 1404,
        WdfDevStatePwrPolWaitingArmedStoppingCancelUsbSS = 1405,
        WdfDevStatePwrPolWaitingArmedWakeFailedCancelUsbSS = 1406,
        WdfDevStatePwrPolWaitingArmedIoPresentCancelUsbSS = 1407,
        WdfDevStatePwrPolWaitingArmedWakeSucceededCancelUsbSS = 1408,
        WdfDevStatePwrPolCancelingUsbSSForSystemSleep = 1409,
        WdfDevStatePwrPolStoppingD0CancelUsbSS = 1410,
        WdfDevStatePwrPolStartingPoweredUp = 1411,
        WdfDevStatePwrPolIdleCapableDeviceIdle = 1412,
        WdfDevStatePwrPolDeviceIdleReturnToActive = 1413,
        WdfDevStatePwrPolDeviceIdleSleeping = 1414,
        WdfDevStatePwrPolDeviceIdleStopping = 1415,
        WdfDevStatePwrPolTimerExpiredNoWakeUndoPowerDown = 1416,
        WdfDevStatePwrPolWakeCapableDeviceIdle = 1417,
        WdfDevStatePwrPolWakeCapableUsbSSCompleted = 1418,
        WdfDevStatePwrPolTimerExpiredWakeCapableUndoPowerDown = 1419,
        WdfDevStatePwrPolTimerExpiredWakeCompletedHardwareStarted = 1420,
        WdfDevStatePwrPolStoppedRemoving = 1421,
        WdfDevStatePwrPolRemoved = 1422,
        WdfDevStatePwrPolRestarting = 1423,
        WdfDevStatePwrPolRestartingFailed = 1424,
        WdfDevStatePwrPolStartingPoweredUpFailed = 1425,
        WdfDevStatePwrPolTimerExpiredNoWakeReturnToActive = 1426,
        WdfDevStatePwrPolWaitingArmedWakeInterruptFired = 1427,
        WdfDevStatePwrPolSystemWakeDeviceWakeInterruptFired = 1428,
        WdfDevStatePwrPolSystemWakeDeviceWakeInterruptFiredNP = 34197,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeInterruptArrived = 1430,
        WdfDevStatePwrPolTimerExpiredWakeCapablePowerDownFailedWakeInterruptArrived = 1431,
        WdfDevStatePwrPolWaitingArmedWakeInterruptFiredDuringPowerDown = 1432,
        WdfDevStatePwrPolStartedNotIdleCapableDirectedDown = 1433,
        WdfDevStatePwrPolStartedIdleCapableTimerCanceledForSleep = 1434,
        WdfDevStatePwrPolTimerExpiredNoWakeUndoPowerDownWaitForDirectedUp = 1435,
        WdfDevStatePwrPolIdleCapableTimerNotExpiredDirectedDown = 1436,
        WdfDevStatePwrPolIdleCapableDirectedDownTriggerDPNR = 1437,
        WdfDevStatePwrPolWaitingUnarmedDirectedDown = 1438,
        WdfDevStatePwrPolIdleCapableDirectedDownTriggerDPR = 1439,
        WdfDevStatePwrPolStartedWakeCapableTimerCanceledForSleep = 1440,
        WdfDevStatePwrPolWakeCapableTimerNotExpiredDirectedDown = 1441,
        WdfDevStatePwrPolWakeCapableDirectedDownTriggerDPNR = 1442,
        WdfDevStatePwrPolTimerExpiredWakeCompletedPowerDownWaitForDirectedUp = 1443,
        WdfDevStatePwrPolTimerExpiredWakeCompletedPowerDownDirectedTriggerDPR = 1444,
        WdfDevStatePwrPolTimerExpiredWakeCapableUndoPowerDownWaitForDirectedUp = 1445,
        WdfDevStatePwrPolWakeCapableUsbSSCompletedUndoWaitForDirectedUp = 1446,
        WdfDevStatePwrPolTimerExpiredWakeCapableUsbSSDirectedDown = 1447,
        WdfDevStatePwrPolWaitingArmedWakeInterruptFiredDuringPowerDownCheckDirected = 1448,
        WdfDevStatePwrPolTimerExpiredWakeCompletedPowerDownCheckDirected = 1449,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeSucceededCheckDirected = 1450,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeSucceededWaitForDirectedUp = 1451,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeSucceededTriggerDPR = 1452,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeFailedCheckDirected = 1453,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeFailedWaitForDirectedUp = 1454,
        WdfDevStatePwrPolTimerExpiredWakeCapableWakeFailedTriggerDPR = 1455,
        WdfDevStatePwrPolWaitingArmedDirectedDownWakeInterruptFiredTriggerDPR = 1456,
        WdfDevStatePwrPolWaitingArmedDirectedDownWakeInterruptFired = 1457,
        WdfDevStatePwrPolWaitingArmedDirectedDown = 1458,
        WdfDevStatePwrPolWaitingArmedDirectedDownWakeSucceededCancelUsbSS = 1459,
        WdfDevStatePwrPolWaitingArmedDirectedDownWakeFailedCancelUsbSS = 1460,
        WdfDevStatePwrPolWaitingArmedDirectedDownTriggerDPR = 1461,
        WdfDevStatePwrPolWaitingArmedDirectedDownWakeSucceededTriggerDPR = 1462,
        WdfDevStatePwrPolWaitingArmedDirectedDownUsbSSCompleted = 1463,
        WdfDevStatePwrPolWaitingArmedDirectedDownUsbSSCompletedTriggerDPR = 1464,
        WdfDevStatePwrPolWaitingArmedDirectedDownWakeFailedCancelUsbSSTriggerDPR = 1465,
        WdfDevStatePwrPolUsbSSCancelled = 1466,
        WdfDevStatePwrPolTimerExpiredWakeCapableRevertArmWake = 1467,
        WdfDevStatePwrPolSleepingWakeCancelWake = 1468,
        WdfDevStatePwrPolSleepingWakeCancelWakeNP = 34237,
        WdfDevStatePwrPolSystemWakeDeviceD0PowerRequestFailed = 1470,
        WdfDevStatePwrPolSystemWakeDevicePowerRequestFailed = 1471,
        WdfDevStatePwrPolNull = 1472,
    }
}

c_enum! {
    /// `WDF_STATE_NOTIFICATION_TYPE`.
    enum _WDF_STATE_NOTIFICATION_TYPE as WDF_STATE_NOTIFICATION_TYPE, PWDF_STATE_NOTIFICATION_TYPE {
        StateNotificationInvalid = 0,
        StateNotificationEnterState = 1,
        StateNotificationPostProcessState = 2,
        StateNotificationLeaveState = 4,
        StateNotificationAllStates = 7,
    }
}

c_enum! {
    /// `WDF_POWER_POLICY_S0_IDLE_CAPABILITIES`.
    enum _WDF_POWER_POLICY_S0_IDLE_CAPABILITIES as WDF_POWER_POLICY_S0_IDLE_CAPABILITIES, PWDF_POWER_POLICY_S0_IDLE_CAPABILITIES {
        IdleCapsInvalid = 0,
        IdleCannotWakeFromS0 = 1,
        IdleCanWakeFromS0 = 2,
        IdleUsbSelectiveSuspend = 3,
    }
}

c_enum! {
    /// `WDF_POWER_POLICY_S0_IDLE_USER_CONTROL`.
    enum _WDF_POWER_POLICY_S0_IDLE_USER_CONTROL as WDF_POWER_POLICY_S0_IDLE_USER_CONTROL, PWDF_POWER_POLICY_S0_IDLE_USER_CONTROL {
        IdleUserControlInvalid = 0,
        IdleDoNotAllowUserControl = 1,
        IdleAllowUserControl = 2,
    }
}

c_enum! {
    /// `WDF_POWER_POLICY_IDLE_TIMEOUT_CONSTANTS`.
    enum _WDF_POWER_POLICY_IDLE_TIMEOUT_CONSTANTS as WDF_POWER_POLICY_IDLE_TIMEOUT_CONSTANTS, PWDF_POWER_POLICY_IDLE_TIMEOUT_CONSTANTS {
        IdleTimeoutDefaultConstant = 0,
    }
}

c_enum! {
    /// `WDF_POWER_POLICY_SX_WAKE_USER_CONTROL`.
    enum _WDF_POWER_POLICY_SX_WAKE_USER_CONTROL as WDF_POWER_POLICY_SX_WAKE_USER_CONTROL, PWDF_POWER_POLICY_SX_WAKE_USER_CONTROL {
        WakeUserControlInvalid = 0,
        WakeDoNotAllowUserControl = 1,
        WakeAllowUserControl = 2,
    }
}

c_enum! {
    /// `WDF_POWER_DEVICE_STATE`.
    enum _WDF_POWER_DEVICE_STATE as WDF_POWER_DEVICE_STATE, PWDF_POWER_DEVICE_STATE {
        WdfPowerDeviceInvalid = 0,
        WdfPowerDeviceD0 = 1,
        WdfPowerDeviceD1 = 2,
        WdfPowerDeviceD2 = 3,
        WdfPowerDeviceD3 = 4,
        WdfPowerDeviceD3Final = 5,
        WdfPowerDevicePrepareForHibernation = 6,
        WdfPowerDeviceMaximum = 7,
    }
}

c_enum! {
    /// `WDF_DEVICE_HWACCESS_TARGET_TYPE`.
    enum _WDF_DEVICE_HWACCESS_TARGET_TYPE as WDF_DEVICE_HWACCESS_TARGET_TYPE, PWDF_DEVICE_HWACCESS_TARGET_TYPE {
        WdfDeviceHwAccessTargetTypeInvalid = 0,
        WdfDeviceHwAccessTargetTypeRegister = 1,
        WdfDeviceHwAccessTargetTypeRegisterBuffer = 2,
        WdfDeviceHwAccessTargetTypePort = 3,
        WdfDeviceHwAccessTargetTypePortBuffer = 4,
        WdfDeviceHwAccessTargetTypeMaximum = 5,
    }
}

c_enum! {
    /// `WDF_DEVICE_HWACCESS_TARGET_SIZE`.
    enum _WDF_DEVICE_HWACCESS_TARGET_SIZE as WDF_DEVICE_HWACCESS_TARGET_SIZE, PWDF_DEVICE_HWACCESS_TARGET_SIZE {
        WdfDeviceHwAccessTargetSizeInvalid = 0,
        WdfDeviceHwAccessTargetSizeUchar = 1,
        WdfDeviceHwAccessTargetSizeUshort = 2,
        WdfDeviceHwAccessTargetSizeUlong = 3,
        WdfDeviceHwAccessTargetSizeUlong64 = 4,
        WdfDeviceHwAccessTargetSizeMaximum = 5,
    }
}

c_enum! {
    /// `WDF_DISPATCH_IRP_TO_IO_QUEUE_FLAGS`.
    enum _WDF_DISPATCH_IRP_TO_IO_QUEUE_FLAGS as WDF_DISPATCH_IRP_TO_IO_QUEUE_FLAGS, PWDF_DISPATCH_IRP_TO_IO_QUEUE_FLAGS {
        WDF_DISPATCH_IRP_TO_IO_QUEUE_NO_FLAGS = 0,
        WDF_DISPATCH_IRP_TO_IO_QUEUE_INVOKE_INCALLERCTX_CALLBACK = 1,
        WDF_DISPATCH_IRP_TO_IO_QUEUE_PREPROCESSED_IRP = 2,
    }
}

c_enum! {
    /// `WDF_SPECIAL_FILE_TYPE`.
    enum _WDF_SPECIAL_FILE_TYPE as WDF_SPECIAL_FILE_TYPE, PWDF_SPECIAL_FILE_TYPE {
        WdfSpecialFileUndefined = 0,
        WdfSpecialFilePaging = 1,
        WdfSpecialFileHibernation = 2,
        WdfSpecialFileDump = 3,
        WdfSpecialFileBoot = 4,
        WdfSpecialFilePostDisplay = 5,
        WdfSpecialFileGuestAssigned = 6,
        WdfSpecialFileMax = 7,
    }
}

c_enum! {
    /// `WDF_DEVICE_IO_TYPE`.
    enum _WDF_DEVICE_IO_TYPE as WDF_DEVICE_IO_TYPE, PWDF_DEVICE_IO_TYPE {
        WdfDeviceIoUndefined = 0,
        WdfDeviceIoNeither = 1,
        WdfDeviceIoBuffered = 2,
        WdfDeviceIoDirect = 3,
        WdfDeviceIoBufferedOrDirect = 4,
        WdfDeviceIoMaximum = 5,
    }
}

c_enum! {
    /// `WDF_FILEOBJECT_CLASS`.
    enum _WDF_FILEOBJECT_CLASS as WDF_FILEOBJECT_CLASS, PWDF_FILEOBJECT_CLASS {
        WdfFileObjectInvalid = 0,
        WdfFileObjectNotRequired = 1,
        WdfFileObjectWdfCanUseFsContext = 2,
        WdfFileObjectWdfCanUseFsContext2 = 3,
        WdfFileObjectWdfCannotUseFsContexts = 4,
        WdfFileObjectCanBeOptional = -2147483648,
    }
}

c_enum! {
    /// `WDF_DEVICE_FAILED_ACTION`.
    enum _WDF_DEVICE_FAILED_ACTION as WDF_DEVICE_FAILED_ACTION, PWDF_DEVICE_FAILED_ACTION {
        WdfDeviceFailedUndefined = 0,
        WdfDeviceFailedAttemptRestart = 1,
        WdfDeviceFailedNoRestart = 2,
    }
}

c_enum! {
    /// `WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE`.
    enum _WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE as WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE, PWDF_RELEASE_HARDWARE_ORDER_ON_FAILURE {
        WdfReleaseHardwareOrderOnFailureInvalid = 0,
        WdfReleaseHardwareOrderOnFailureEarly = 1,
        WdfReleaseHardwareOrderOnFailureAfterDescendants = 2,
    }
}

c_enum! {
    /// `WDF_EVENT_TYPE`.
    enum _WDF_EVENT_TYPE as WDF_EVENT_TYPE, PWDF_EVENT_TYPE {
        WdfEventReserved = 0,
        WdfEventBroadcast = 1,
        WdfEventMaximum = 2,
    }
}

c_enum! {
    /// `WDF_POWER_POLICY_IDLE_TIMEOUT_TYPE`.
    enum _WDF_POWER_POLICY_IDLE_TIMEOUT_TYPE as WDF_POWER_POLICY_IDLE_TIMEOUT_TYPE, PWDF_POWER_POLICY_IDLE_TIMEOUT_TYPE {
        DriverManagedIdleTimeout = 0,
        SystemManagedIdleTimeout = 1,
        SystemManagedIdleTimeoutWithHint = 2,
    }
}

c_enum! {
    /// `WDF_REMOVE_LOCK_OPTIONS_FLAGS`.
    enum _WDF_REMOVE_LOCK_OPTIONS_FLAGS as WDF_REMOVE_LOCK_OPTIONS_FLAGS, PWDF_REMOVE_LOCK_OPTIONS_FLAGS {
        WDF_REMOVE_LOCK_OPTION_ACQUIRE_FOR_IO = 1,
    }
}

/// The callbacks of `wdfdevice.h`: `fn EVT_… as PFN_…(parameters) -> result { irql }`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdevice_callbacks {
    ($($then:tt)+) => { $($then)+! {
        wdfdevice;
        fn EVT_WDF_DEVICE_FILE_CREATE as PFN_WDF_DEVICE_FILE_CREATE(
            Device: WDFDEVICE,
            Request: WDFREQUEST,
            FileObject: WDFFILEOBJECT,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_FILE_CLOSE as PFN_WDF_FILE_CLOSE(
            FileObject: WDFFILEOBJECT,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_FILE_CLEANUP as PFN_WDF_FILE_CLEANUP(
            FileObject: WDFFILEOBJECT,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION as PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION(
            Device: WDFDEVICE,
            NotificationData: PCWDF_DEVICE_PNP_NOTIFICATION_DATA,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION as PFN_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION(
            Device: WDFDEVICE,
            NotificationData: PCWDF_DEVICE_POWER_NOTIFICATION_DATA,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION as PFN_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION(
            Device: WDFDEVICE,
            NotificationData: PCWDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_D0_ENTRY as PFN_WDF_DEVICE_D0_ENTRY(
            Device: WDFDEVICE,
            PreviousState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_D0_ENTRY_POST_INTERRUPTS_ENABLED as PFN_WDF_DEVICE_D0_ENTRY_POST_INTERRUPTS_ENABLED(
            Device: WDFDEVICE,
            PreviousState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_D0_ENTRY_POST_HARDWARE_ENABLED as PFN_WDF_DEVICE_D0_ENTRY_POST_HARDWARE_ENABLED(
            Device: WDFDEVICE,
            PreviousState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_D0_EXIT as PFN_WDF_DEVICE_D0_EXIT(
            Device: WDFDEVICE,
            TargetState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_D0_EXIT_PRE_INTERRUPTS_DISABLED as PFN_WDF_DEVICE_D0_EXIT_PRE_INTERRUPTS_DISABLED(
            Device: WDFDEVICE,
            TargetState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_D0_EXIT_PRE_HARDWARE_DISABLED as PFN_WDF_DEVICE_D0_EXIT_PRE_HARDWARE_DISABLED(
            Device: WDFDEVICE,
            TargetState: WDF_POWER_DEVICE_STATE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_PREPARE_HARDWARE as PFN_WDF_DEVICE_PREPARE_HARDWARE(
            Device: WDFDEVICE,
            ResourcesRaw: WDFCMRESLIST,
            ResourcesTranslated: WDFCMRESLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_RELEASE_HARDWARE as PFN_WDF_DEVICE_RELEASE_HARDWARE(
            Device: WDFDEVICE,
            ResourcesTranslated: WDFCMRESLIST,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SELF_MANAGED_IO_CLEANUP as PFN_WDF_DEVICE_SELF_MANAGED_IO_CLEANUP(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SELF_MANAGED_IO_FLUSH as PFN_WDF_DEVICE_SELF_MANAGED_IO_FLUSH(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SELF_MANAGED_IO_INIT as PFN_WDF_DEVICE_SELF_MANAGED_IO_INIT(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SELF_MANAGED_IO_SUSPEND as PFN_WDF_DEVICE_SELF_MANAGED_IO_SUSPEND(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SELF_MANAGED_IO_RESTART as PFN_WDF_DEVICE_SELF_MANAGED_IO_RESTART(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_QUERY_STOP as PFN_WDF_DEVICE_QUERY_STOP(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_QUERY_REMOVE as PFN_WDF_DEVICE_QUERY_REMOVE(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_SURPRISE_REMOVAL as PFN_WDF_DEVICE_SURPRISE_REMOVAL(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_USAGE_NOTIFICATION as PFN_WDF_DEVICE_USAGE_NOTIFICATION(
            Device: WDFDEVICE,
            NotificationType: WDF_SPECIAL_FILE_TYPE,
            IsInNotificationPath: BOOLEAN,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_USAGE_NOTIFICATION_EX as PFN_WDF_DEVICE_USAGE_NOTIFICATION_EX(
            Device: WDFDEVICE,
            NotificationType: WDF_SPECIAL_FILE_TYPE,
            IsInNotificationPath: BOOLEAN,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_RELATIONS_QUERY as PFN_WDF_DEVICE_RELATIONS_QUERY(
            Device: WDFDEVICE,
            RelationType: DEVICE_RELATION_TYPE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_ARM_WAKE_FROM_S0 as PFN_WDF_DEVICE_ARM_WAKE_FROM_S0(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_ARM_WAKE_FROM_SX as PFN_WDF_DEVICE_ARM_WAKE_FROM_SX(
            Device: WDFDEVICE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_ARM_WAKE_FROM_SX_WITH_REASON as PFN_WDF_DEVICE_ARM_WAKE_FROM_SX_WITH_REASON(
            Device: WDFDEVICE,
            DeviceWakeEnabled: BOOLEAN,
            ChildrenArmedForWake: BOOLEAN,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_DISARM_WAKE_FROM_S0 as PFN_WDF_DEVICE_DISARM_WAKE_FROM_S0(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_DISARM_WAKE_FROM_SX as PFN_WDF_DEVICE_DISARM_WAKE_FROM_SX(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_WAKE_FROM_S0_TRIGGERED as PFN_WDF_DEVICE_WAKE_FROM_S0_TRIGGERED(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDF_DEVICE_WAKE_FROM_SX_TRIGGERED as PFN_WDF_DEVICE_WAKE_FROM_SX_TRIGGERED(
            Device: WDFDEVICE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDFDEVICE_WDM_IRP_PREPROCESS as PFN_WDFDEVICE_WDM_IRP_PREPROCESS(
            Device: WDFDEVICE,
            Irp: PIRP,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDFDEVICE_WDM_IRP_DISPATCH as PFN_WDFDEVICE_WDM_IRP_DISPATCH(
            Device: WDFDEVICE,
            MajorFunction: UCHAR,
            MinorFunction: UCHAR,
            Code: ULONG,
            DriverContext: WDFCONTEXT,
            Irp: PIRP,
            DispatchContext: WDFCONTEXT,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDF_IO_IN_CALLER_CONTEXT as PFN_WDF_IO_IN_CALLER_CONTEXT(
            Device: WDFDEVICE,
            Request: WDFREQUEST,
        ) -> () { irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; }
        fn EVT_WDFDEVICE_WDM_POST_PO_FX_REGISTER_DEVICE as PFN_WDFDEVICE_WDM_POST_PO_FX_REGISTER_DEVICE(
            Device: WDFDEVICE,
            PoHandle: POHANDLE,
        ) -> NTSTATUS { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
        fn EVT_WDFDEVICE_WDM_PRE_PO_FX_UNREGISTER_DEVICE as PFN_WDFDEVICE_WDM_PRE_PO_FX_UNREGISTER_DEVICE(
            Device: WDFDEVICE,
            PoHandle: POHANDLE,
        ) -> () { irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; }
    } };
}
wdfdevice_callbacks!(crate::wdf::declare_callbacks);

c_struct! {
    /// `WDF_FILEOBJECT_CONFIG`.
    struct _WDF_FILEOBJECT_CONFIG as WDF_FILEOBJECT_CONFIG, PWDF_FILEOBJECT_CONFIG [40, 8] {
        Size: ULONG = 0,
        EvtDeviceFileCreate: PFN_WDF_DEVICE_FILE_CREATE = 8,
        EvtFileClose: PFN_WDF_FILE_CLOSE = 16,
        EvtFileCleanup: PFN_WDF_FILE_CLEANUP = 24,
        AutoForwardCleanupClose: WDF_TRI_STATE = 32,
        FileObjectClass: WDF_FILEOBJECT_CLASS = 36,
    }
}

c_struct! {
    /// `_WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1 [8, 4] {
        CurrentState: WDF_DEVICE_PNP_STATE = 0,
        NewState: WDF_DEVICE_PNP_STATE = 4,
    }
}

c_struct! {
    /// `_WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2 [4, 4] {
        CurrentState: WDF_DEVICE_PNP_STATE = 0,
    }
}

c_struct! {
    /// `_WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3 [8, 4] {
        CurrentState: WDF_DEVICE_PNP_STATE = 0,
        NewState: WDF_DEVICE_PNP_STATE = 4,
    }
}

c_union! {
    /// `_WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1`.
    union _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1 [8, 4] {
        EnterState: _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1,
        PostProcessState: _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2,
        LeaveState: _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3,
    }
}

c_struct! {
    /// `WDF_DEVICE_PNP_NOTIFICATION_DATA`.
    struct _WDF_DEVICE_PNP_NOTIFICATION_DATA as WDF_DEVICE_PNP_NOTIFICATION_DATA, PWDF_DEVICE_PNP_NOTIFICATION_DATA [12, 4] {
        Type: WDF_STATE_NOTIFICATION_TYPE = 0,
        Data: _WDF_DEVICE_PNP_NOTIFICATION_DATA__bindgen_ty_1 = 4,
    }
}

c_struct! {
    /// `_WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1 [8, 4] {
        CurrentState: WDF_DEVICE_POWER_STATE = 0,
        NewState: WDF_DEVICE_POWER_STATE = 4,
    }
}

c_struct! {
    /// `_WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2 [4, 4] {
        CurrentState: WDF_DEVICE_POWER_STATE = 0,
    }
}

c_struct! {
    /// `_WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3 [8, 4] {
        CurrentState: WDF_DEVICE_POWER_STATE = 0,
        NewState: WDF_DEVICE_POWER_STATE = 4,
    }
}

c_union! {
    /// `_WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1`.
    union _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1 [8, 4] {
        EnterState: _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1,
        PostProcessState: _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2,
        LeaveState: _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3,
    }
}

c_struct! {
    /// `WDF_DEVICE_POWER_NOTIFICATION_DATA`.
    struct _WDF_DEVICE_POWER_NOTIFICATION_DATA as WDF_DEVICE_POWER_NOTIFICATION_DATA, PWDF_DEVICE_POWER_NOTIFICATION_DATA [12, 4] {
        Type: WDF_STATE_NOTIFICATION_TYPE = 0,
        Data: _WDF_DEVICE_POWER_NOTIFICATION_DATA__bindgen_ty_1 = 4,
    }
}

c_struct! {
    /// `_WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1`.
    struct _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1 [8, 4] {
        CurrentState: WDF_DEVICE_POWER_POLICY_STATE = 0,
        NewState: WDF_DEVICE_POWER_POLICY_STATE = 4,
    }
}

c_struct! {
    /// `_WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2`.
    struct _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2 [4, 4] {
        CurrentState: WDF_DEVICE_POWER_POLICY_STATE = 0,
    }
}

c_struct! {
    /// `_WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3`.
    struct _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3 [8, 4] {
        CurrentState: WDF_DEVICE_POWER_POLICY_STATE = 0,
        NewState: WDF_DEVICE_POWER_POLICY_STATE = 4,
    }
}

c_union! {
    /// `_WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1`.
    union _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1 [8, 4] {
        EnterState: _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_1,
        PostProcessState: _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_2,
        LeaveState: _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1__bindgen_ty_3,
    }
}

c_struct! {
    /// `WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA`.
    struct _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA as WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA, PWDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA [12, 4] {
        Type: WDF_STATE_NOTIFICATION_TYPE = 0,
        Data: _WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA__bindgen_ty_1 = 4,
    }
}

c_struct! {
    /// `WDF_PNPPOWER_EVENT_CALLBACKS`.
    struct _WDF_PNPPOWER_EVENT_CALLBACKS as WDF_PNPPOWER_EVENT_CALLBACKS, PWDF_PNPPOWER_EVENT_CALLBACKS [144, 8] {
        Size: ULONG = 0,
        EvtDeviceD0Entry: PFN_WDF_DEVICE_D0_ENTRY = 8,
        EvtDeviceD0EntryPostInterruptsEnabled: PFN_WDF_DEVICE_D0_ENTRY_POST_INTERRUPTS_ENABLED = 16,
        EvtDeviceD0Exit: PFN_WDF_DEVICE_D0_EXIT = 24,
        EvtDeviceD0ExitPreInterruptsDisabled: PFN_WDF_DEVICE_D0_EXIT_PRE_INTERRUPTS_DISABLED = 32,
        EvtDevicePrepareHardware: PFN_WDF_DEVICE_PREPARE_HARDWARE = 40,
        EvtDeviceReleaseHardware: PFN_WDF_DEVICE_RELEASE_HARDWARE = 48,
        EvtDeviceSelfManagedIoCleanup: PFN_WDF_DEVICE_SELF_MANAGED_IO_CLEANUP = 56,
        EvtDeviceSelfManagedIoFlush: PFN_WDF_DEVICE_SELF_MANAGED_IO_FLUSH = 64,
        EvtDeviceSelfManagedIoInit: PFN_WDF_DEVICE_SELF_MANAGED_IO_INIT = 72,
        EvtDeviceSelfManagedIoSuspend: PFN_WDF_DEVICE_SELF_MANAGED_IO_SUSPEND = 80,
        EvtDeviceSelfManagedIoRestart: PFN_WDF_DEVICE_SELF_MANAGED_IO_RESTART = 88,
        EvtDeviceSurpriseRemoval: PFN_WDF_DEVICE_SURPRISE_REMOVAL = 96,
        EvtDeviceQueryRemove: PFN_WDF_DEVICE_QUERY_REMOVE = 104,
        EvtDeviceQueryStop: PFN_WDF_DEVICE_QUERY_STOP = 112,
        EvtDeviceUsageNotification: PFN_WDF_DEVICE_USAGE_NOTIFICATION = 120,
        EvtDeviceRelationsQuery: PFN_WDF_DEVICE_RELATIONS_QUERY = 128,
        EvtDeviceUsageNotificationEx: PFN_WDF_DEVICE_USAGE_NOTIFICATION_EX = 136,
    }
}

c_struct! {
    /// `WDF_POWER_POLICY_EVENT_CALLBACKS`.
    struct _WDF_POWER_POLICY_EVENT_CALLBACKS as WDF_POWER_POLICY_EVENT_CALLBACKS, PWDF_POWER_POLICY_EVENT_CALLBACKS [64, 8] {
        Size: ULONG = 0,
        EvtDeviceArmWakeFromS0: PFN_WDF_DEVICE_ARM_WAKE_FROM_S0 = 8,
        EvtDeviceDisarmWakeFromS0: PFN_WDF_DEVICE_DISARM_WAKE_FROM_S0 = 16,
        EvtDeviceWakeFromS0Triggered: PFN_WDF_DEVICE_WAKE_FROM_S0_TRIGGERED = 24,
        EvtDeviceArmWakeFromSx: PFN_WDF_DEVICE_ARM_WAKE_FROM_SX = 32,
        EvtDeviceDisarmWakeFromSx: PFN_WDF_DEVICE_DISARM_WAKE_FROM_SX = 40,
        EvtDeviceWakeFromSxTriggered: PFN_WDF_DEVICE_WAKE_FROM_SX_TRIGGERED = 48,
        EvtDeviceArmWakeFromSxWithReason: PFN_WDF_DEVICE_ARM_WAKE_FROM_SX_WITH_REASON = 56,
    }
}

c_struct! {
    /// `WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS`.
    struct _WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS as WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS, PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS [36, 4] {
        Size: ULONG = 0,
        IdleCaps: WDF_POWER_POLICY_S0_IDLE_CAPABILITIES = 4,
        DxState: DEVICE_POWER_STATE = 8,
        IdleTimeout: ULONG = 12,
        UserControlOfIdleSettings: WDF_POWER_POLICY_S0_IDLE_USER_CONTROL = 16,
        Enabled: WDF_TRI_STATE = 20,
        PowerUpIdleDeviceOnSystemWake: WDF_TRI_STATE = 24,
        IdleTimeoutType: WDF_POWER_POLICY_IDLE_TIMEOUT_TYPE = 28,
        ExcludeD3Cold: WDF_TRI_STATE = 32,
    }
}

c_struct! {
    /// `WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS`.
    struct _WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS as WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS, PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS [20, 4] {
        Size: ULONG = 0,
        DxState: DEVICE_POWER_STATE = 4,
        UserControlOfWakeSettings: WDF_POWER_POLICY_SX_WAKE_USER_CONTROL = 8,
        Enabled: WDF_TRI_STATE = 12,
        ArmForWakeIfChildrenAreArmedForWake: BOOLEAN = 16,
        IndicateChildWakeOnParentWake: BOOLEAN = 17,
    }
}

c_struct! {
    /// `WDF_DEVICE_STATE`.
    struct _WDF_DEVICE_STATE as WDF_DEVICE_STATE, PWDF_DEVICE_STATE [32, 4] {
        Size: ULONG = 0,
        Disabled: WDF_TRI_STATE = 4,
        DontDisplayInUI: WDF_TRI_STATE = 8,
        Failed: WDF_TRI_STATE = 12,
        NotDisableable: WDF_TRI_STATE = 16,
        Removed: WDF_TRI_STATE = 20,
        ResourcesChanged: WDF_TRI_STATE = 24,
        AssignedToGuest: WDF_TRI_STATE = 28,
    }
}

c_struct! {
    /// `WDF_DEVICE_PNP_CAPABILITIES`.
    struct _WDF_DEVICE_PNP_CAPABILITIES as WDF_DEVICE_PNP_CAPABILITIES, PWDF_DEVICE_PNP_CAPABILITIES [48, 4] {
        Size: ULONG = 0,
        LockSupported: WDF_TRI_STATE = 4,
        EjectSupported: WDF_TRI_STATE = 8,
        Removable: WDF_TRI_STATE = 12,
        DockDevice: WDF_TRI_STATE = 16,
        UniqueID: WDF_TRI_STATE = 20,
        SilentInstall: WDF_TRI_STATE = 24,
        SurpriseRemovalOK: WDF_TRI_STATE = 28,
        HardwareDisabled: WDF_TRI_STATE = 32,
        NoDisplayInUI: WDF_TRI_STATE = 36,
        Address: ULONG = 40,
        UINumber: ULONG = 44,
    }
}

c_struct! {
    /// `WDF_DEVICE_POWER_CAPABILITIES`.
    struct _WDF_DEVICE_POWER_CAPABILITIES as WDF_DEVICE_POWER_CAPABILITIES, PWDF_DEVICE_POWER_CAPABILITIES [80, 4] {
        Size: ULONG = 0,
        DeviceD1: WDF_TRI_STATE = 4,
        DeviceD2: WDF_TRI_STATE = 8,
        WakeFromD0: WDF_TRI_STATE = 12,
        WakeFromD1: WDF_TRI_STATE = 16,
        WakeFromD2: WDF_TRI_STATE = 20,
        WakeFromD3: WDF_TRI_STATE = 24,
        DeviceState: [DEVICE_POWER_STATE; 7] = 28,
        DeviceWake: DEVICE_POWER_STATE = 56,
        SystemWake: SYSTEM_POWER_STATE = 60,
        D1Latency: ULONG = 64,
        D2Latency: ULONG = 68,
        D3Latency: ULONG = 72,
        IdealDxStateForSx: DEVICE_POWER_STATE = 76,
    }
}

c_struct! {
    /// `WDF_REMOVE_LOCK_OPTIONS`.
    struct _WDF_REMOVE_LOCK_OPTIONS as WDF_REMOVE_LOCK_OPTIONS, PWDF_REMOVE_LOCK_OPTIONS [8, 4] {
        Size: ULONG = 0,
        Flags: ULONG = 4,
    }
}

c_struct! {
    /// `WDF_POWER_FRAMEWORK_SETTINGS`.
    struct _WDF_POWER_FRAMEWORK_SETTINGS as WDF_POWER_FRAMEWORK_SETTINGS, PWDF_POWER_FRAMEWORK_SETTINGS [88, 8] {
        Size: ULONG = 0,
        EvtDeviceWdmPostPoFxRegisterDevice: PFN_WDFDEVICE_WDM_POST_PO_FX_REGISTER_DEVICE = 8,
        EvtDeviceWdmPrePoFxUnregisterDevice: PFN_WDFDEVICE_WDM_PRE_PO_FX_UNREGISTER_DEVICE = 16,
        Component: PPO_FX_COMPONENT = 24,
        ComponentActiveConditionCallback: PPO_FX_COMPONENT_ACTIVE_CONDITION_CALLBACK = 32,
        ComponentIdleConditionCallback: PPO_FX_COMPONENT_IDLE_CONDITION_CALLBACK = 40,
        ComponentIdleStateCallback: PPO_FX_COMPONENT_IDLE_STATE_CALLBACK = 48,
        PowerControlCallback: PPO_FX_POWER_CONTROL_CALLBACK = 56,
        PoFxDeviceContext: PVOID = 64,
        PoFxDeviceFlags: ULONGLONG = 72,
        DirectedPoFxEnabled: WDF_TRI_STATE = 80,
    }
}

c_struct! {
    /// `WDF_IO_TYPE_CONFIG`.
    struct _WDF_IO_TYPE_CONFIG as WDF_IO_TYPE_CONFIG, PWDF_IO_TYPE_CONFIG [16, 4] {
        Size: ULONG = 0,
        ReadWriteIoType: WDF_DEVICE_IO_TYPE = 4,
        DeviceControlIoType: WDF_DEVICE_IO_TYPE = 8,
        DirectTransferThreshold: ULONG = 12,
    }
}

c_struct! {
    /// `WDF_DEVICE_INTERFACE_PROPERTY_DATA`.
    struct _WDF_DEVICE_INTERFACE_PROPERTY_DATA as WDF_DEVICE_INTERFACE_PROPERTY_DATA, PWDF_DEVICE_INTERFACE_PROPERTY_DATA [40, 8] {
        Size: ULONG = 0,
        InterfaceClassGUID: *const GUID = 8,
        ReferenceString: PCUNICODE_STRING = 16,
        PropertyKey: *const DEVPROPKEY = 24,
        Lcid: LCID = 32,
        Flags: ULONG = 36,
    }
}

c_struct! {
    /// `WDF_DEVICE_PROPERTY_DATA`.
    struct _WDF_DEVICE_PROPERTY_DATA as WDF_DEVICE_PROPERTY_DATA, PWDF_DEVICE_PROPERTY_DATA [24, 8] {
        Size: ULONG = 0,
        PropertyKey: *const DEVPROPKEY = 8,
        Lcid: LCID = 16,
        Flags: ULONG = 20,
    }
}

/// The functions of `wdfdevice.h`.
#[doc(hidden)]
#[macro_export]
macro_rules! wdfdevice_functions {
    ($($then:tt)+) => { $($then)+! {
        wdfdevice;
        fn WdfDeviceGetDeviceState(Device: WDFDEVICE, DeviceState: PWDF_DEVICE_STATE) -> () {
            kmdf: 28, 1.0; umdf: 12, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceSetDeviceState(Device: WDFDEVICE, DeviceState: PWDF_DEVICE_STATE) -> () {
            kmdf: 29, 1.0; umdf: 13, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfWdmDeviceGetWdfDeviceHandle(DeviceObject: PDEVICE_OBJECT) -> WDFDEVICE {
            kmdf: 30, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceWdmGetDeviceObject(Device: WDFDEVICE) -> PDEVICE_OBJECT {
            kmdf: 31, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceWdmGetAttachedDevice(Device: WDFDEVICE) -> PDEVICE_OBJECT {
            kmdf: 32, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceWdmGetPhysicalDevice(Device: WDFDEVICE) -> PDEVICE_OBJECT {
            kmdf: 33, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceWdmDispatchPreprocessedIrp(Device: WDFDEVICE, Irp: PIRP) -> NTSTATUS {
            kmdf: 34, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceAddDependentUsageDeviceObject(
            Device: WDFDEVICE,
            DependentDevice: PDEVICE_OBJECT,
        ) -> NTSTATUS {
            kmdf: 35, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceAddRemovalRelationsPhysicalDevice(
            Device: WDFDEVICE,
            PhysicalDevice: PDEVICE_OBJECT,
        ) -> NTSTATUS {
            kmdf: 36, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceRemoveRemovalRelationsPhysicalDevice(
            Device: WDFDEVICE,
            PhysicalDevice: PDEVICE_OBJECT,
        ) -> () {
            kmdf: 37, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceClearRemovalRelationsDevices(Device: WDFDEVICE) -> () {
            kmdf: 38, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceGetDriver(Device: WDFDEVICE) -> WDFDRIVER {
            kmdf: 39, 1.0; umdf: 14, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceRetrieveDeviceName(Device: WDFDEVICE, String: WDFSTRING) -> NTSTATUS {
            kmdf: 40, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceAssignMofResourceName(
            Device: WDFDEVICE,
            MofResourceName: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 41, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceGetIoTarget(Device: WDFDEVICE) -> WDFIOTARGET {
            kmdf: 42, 1.0; umdf: 15, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceGetDevicePnpState(Device: WDFDEVICE) -> WDF_DEVICE_PNP_STATE {
            kmdf: 43, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceGetDevicePowerState(Device: WDFDEVICE) -> WDF_DEVICE_POWER_STATE {
            kmdf: 44, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDevicePostEvent(
            Device: WDFDEVICE,
            EventGuid: REFGUID,
            WdfEventType: WDF_EVENT_TYPE,
            Data: *mut BYTE,
            DataSizeCb: ULONG,
        ) -> NTSTATUS {
            umdf: 44, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceGetDevicePowerPolicyState(Device: WDFDEVICE) -> WDF_DEVICE_POWER_POLICY_STATE {
            kmdf: 45, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceMapIoSpace(
            Device: WDFDEVICE,
            PhysicalAddress: PHYSICAL_ADDRESS,
            NumberOfBytes: SIZE_T,
            CacheType: MEMORY_CACHING_TYPE,
            PseudoBaseAddress: *mut PVOID,
        ) -> NTSTATUS {
            umdf: 45, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceAssignS0IdleSettings(
            Device: WDFDEVICE,
            Settings: PWDF_DEVICE_POWER_POLICY_IDLE_SETTINGS,
        ) -> NTSTATUS {
            kmdf: 46, 1.0; umdf: 16, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceUnmapIoSpace(
            Device: WDFDEVICE,
            PseudoBaseAddress: PVOID,
            NumberOfBytes: SIZE_T,
        ) -> () {
            umdf: 46, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceAssignSxWakeSettings(
            Device: WDFDEVICE,
            Settings: PWDF_DEVICE_POWER_POLICY_WAKE_SETTINGS,
        ) -> NTSTATUS {
            kmdf: 47, 1.0; umdf: 17, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceGetHardwareRegisterMappedAddress(
            Device: WDFDEVICE,
            PseudoBaseAddress: PVOID,
        ) -> PVOID {
            umdf: 47, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceOpenRegistryKey(
            Device: WDFDEVICE,
            DeviceInstanceKeyType: ULONG,
            DesiredAccess: ACCESS_MASK,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 48, 1.0; umdf: 18, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: KeyAttributes; must_use;
        }
        fn WdfDeviceReadFromHardware(
            Device: WDFDEVICE,
            Type: WDF_DEVICE_HWACCESS_TARGET_TYPE,
            Size: WDF_DEVICE_HWACCESS_TARGET_SIZE,
            TargetAddress: PVOID,
            Buffer: PVOID,
            Count: ULONG,
        ) -> SIZE_T {
            umdf: 48, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Buffer, Count;
        }
        fn WdfDeviceSetSpecialFileSupport(
            Device: WDFDEVICE,
            FileType: WDF_SPECIAL_FILE_TYPE,
            FileTypeIsSupported: BOOLEAN,
        ) -> () {
            kmdf: 49, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceWriteToHardware(
            Device: WDFDEVICE,
            Type: WDF_DEVICE_HWACCESS_TARGET_TYPE,
            Size: WDF_DEVICE_HWACCESS_TARGET_SIZE,
            TargetAddress: PVOID,
            Value: SIZE_T,
            Buffer: PVOID,
            Count: ULONG,
        ) -> () {
            umdf: 49, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: Buffer, Count;
        }
        fn WdfDeviceSetCharacteristics(Device: WDFDEVICE, DeviceCharacteristics: ULONG) -> () {
            kmdf: 50, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceAssignInterfaceProperty(
            Device: WDFDEVICE,
            PropertyData: PWDF_DEVICE_INTERFACE_PROPERTY_DATA,
            Type: DEVPROPTYPE,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
        ) -> NTSTATUS {
            umdf: 50, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyBuffer;
        }
        fn WdfDeviceGetCharacteristics(Device: WDFDEVICE) -> ULONG {
            kmdf: 51, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceAllocAndQueryInterfaceProperty(
            Device: WDFDEVICE,
            PropertyData: PWDF_DEVICE_INTERFACE_PROPERTY_DATA,
            PoolType: POOL_TYPE,
            PropertyMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PropertyMemory: *mut WDFMEMORY,
            Type: PDEVPROPTYPE,
        ) -> NTSTATUS {
            umdf: 51, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyMemoryAttributes;
        }
        fn WdfDeviceGetAlignmentRequirement(Device: WDFDEVICE) -> ULONG {
            kmdf: 52, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceQueryInterfaceProperty(
            Device: WDFDEVICE,
            PropertyData: PWDF_DEVICE_INTERFACE_PROPERTY_DATA,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
            ResultLength: PULONG,
            Type: PDEVPROPTYPE,
        ) -> NTSTATUS {
            umdf: 52, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyBuffer;
        }
        fn WdfDeviceSetAlignmentRequirement(Device: WDFDEVICE, AlignmentRequirement: ULONG) -> () {
            kmdf: 53, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceGetDeviceStackIoType(
            Device: WDFDEVICE,
            ReadWriteIoType: *mut WDF_DEVICE_IO_TYPE,
            IoControlIoType: *mut WDF_DEVICE_IO_TYPE,
        ) -> () {
            umdf: 53, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceInitFree(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 54, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetPnpPowerEventCallbacks(
            DeviceInit: PWDFDEVICE_INIT,
            PnpPowerEventCallbacks: PWDF_PNPPOWER_EVENT_CALLBACKS,
        ) -> () {
            kmdf: 55, 1.0; umdf: 19, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetPowerPolicyEventCallbacks(
            DeviceInit: PWDFDEVICE_INIT,
            PowerPolicyEventCallbacks: PWDF_POWER_POLICY_EVENT_CALLBACKS,
        ) -> () {
            kmdf: 56, 1.0; umdf: 20, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetPowerPolicyOwnership(
            DeviceInit: PWDFDEVICE_INIT,
            IsPowerPolicyOwner: BOOLEAN,
        ) -> () {
            kmdf: 57, 1.0; umdf: 21, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitRegisterPnpStateChangeCallback(
            DeviceInit: PWDFDEVICE_INIT,
            PnpState: WDF_DEVICE_PNP_STATE,
            EvtDevicePnpStateChange: PFN_WDF_DEVICE_PNP_STATE_CHANGE_NOTIFICATION,
            CallbackTypes: ULONG,
        ) -> NTSTATUS {
            kmdf: 58, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceInitRegisterPowerStateChangeCallback(
            DeviceInit: PWDFDEVICE_INIT,
            PowerState: WDF_DEVICE_POWER_STATE,
            EvtDevicePowerStateChange: PFN_WDF_DEVICE_POWER_STATE_CHANGE_NOTIFICATION,
            CallbackTypes: ULONG,
        ) -> NTSTATUS {
            kmdf: 59, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceInitRegisterPowerPolicyStateChangeCallback(
            DeviceInit: PWDFDEVICE_INIT,
            PowerPolicyState: WDF_DEVICE_POWER_POLICY_STATE,
            EvtDevicePowerPolicyStateChange: PFN_WDF_DEVICE_POWER_POLICY_STATE_CHANGE_NOTIFICATION,
            CallbackTypes: ULONG,
        ) -> NTSTATUS {
            kmdf: 60, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceInitSetIoType(DeviceInit: PWDFDEVICE_INIT, IoType: WDF_DEVICE_IO_TYPE) -> () {
            kmdf: 61, 1.0; umdf: 22, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetExclusive(DeviceInit: PWDFDEVICE_INIT, IsExclusive: BOOLEAN) -> () {
            kmdf: 62, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetPowerNotPageable(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 63, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetPowerPageable(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 64, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetPowerInrush(DeviceInit: PWDFDEVICE_INIT) -> () {
            kmdf: 65, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetDeviceType(DeviceInit: PWDFDEVICE_INIT, DeviceType: DEVICE_TYPE) -> () {
            kmdf: 66, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitAssignName(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceName: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 67, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: DeviceName; must_use;
        }
        fn WdfDeviceInitAssignSDDLString(
            DeviceInit: PWDFDEVICE_INIT,
            SDDLString: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 68, 1.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: SDDLString; must_use;
        }
        fn WdfDeviceInitSetDeviceClass(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceClassGuid: *const GUID,
        ) -> () {
            kmdf: 69, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetCharacteristics(
            DeviceInit: PWDFDEVICE_INIT,
            DeviceCharacteristics: ULONG,
            OrInValues: BOOLEAN,
        ) -> () {
            kmdf: 70, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetFileObjectConfig(
            DeviceInit: PWDFDEVICE_INIT,
            FileObjectConfig: PWDF_FILEOBJECT_CONFIG,
            FileObjectAttributes: PWDF_OBJECT_ATTRIBUTES,
        ) -> () {
            kmdf: 71, 1.0; umdf: 23, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: FileObjectAttributes;
        }
        fn WdfDeviceInitSetRequestAttributes(
            DeviceInit: PWDFDEVICE_INIT,
            RequestAttributes: PWDF_OBJECT_ATTRIBUTES,
        ) -> () {
            kmdf: 72, 1.0; umdf: 24, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitAssignWdmIrpPreprocessCallback(
            DeviceInit: PWDFDEVICE_INIT,
            EvtDeviceWdmIrpPreprocess: PFN_WDFDEVICE_WDM_IRP_PREPROCESS,
            MajorFunction: UCHAR,
            MinorFunctions: PUCHAR,
            NumMinorFunctions: ULONG,
        ) -> NTSTATUS {
            kmdf: 73, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: MinorFunctions; must_use;
        }
        fn WdfDeviceInitSetIoInCallerContextCallback(
            DeviceInit: PWDFDEVICE_INIT,
            EvtIoInCallerContext: PFN_WDF_IO_IN_CALLER_CONTEXT,
        ) -> () {
            kmdf: 74, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceCreate(
            DeviceInit: *mut PWDFDEVICE_INIT,
            DeviceAttributes: PWDF_OBJECT_ATTRIBUTES,
            Device: *mut WDFDEVICE,
        ) -> NTSTATUS {
            kmdf: 75, 1.0; umdf: 25, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: DeviceAttributes; must_use;
        }
        fn WdfDeviceSetStaticStopRemove(Device: WDFDEVICE, Stoppable: BOOLEAN) -> () {
            kmdf: 76, 1.0; umdf: 26, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceCreateDeviceInterface(
            Device: WDFDEVICE,
            InterfaceClassGUID: *const GUID,
            ReferenceString: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 77, 1.0; umdf: 27, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ReferenceString; must_use;
        }
        fn WdfDeviceSetDeviceInterfaceState(
            Device: WDFDEVICE,
            InterfaceClassGUID: *const GUID,
            ReferenceString: PCUNICODE_STRING,
            IsInterfaceEnabled: BOOLEAN,
        ) -> () {
            kmdf: 78, 1.0; umdf: 28, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ReferenceString;
        }
        fn WdfDeviceRetrieveDeviceInterfaceString(
            Device: WDFDEVICE,
            InterfaceClassGUID: *const GUID,
            ReferenceString: PCUNICODE_STRING,
            String: WDFSTRING,
        ) -> NTSTATUS {
            kmdf: 79, 1.0; umdf: 29, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ReferenceString; must_use;
        }
        fn WdfDeviceCreateSymbolicLink(
            Device: WDFDEVICE,
            SymbolicLinkName: PCUNICODE_STRING,
        ) -> NTSTATUS {
            kmdf: 80, 1.0; umdf: 30, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceQueryProperty(
            Device: WDFDEVICE,
            DeviceProperty: DEVICE_REGISTRY_PROPERTY,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
            ResultLength: PULONG,
        ) -> NTSTATUS {
            kmdf: 81, 1.0; umdf: 31, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceAllocAndQueryProperty(
            Device: WDFDEVICE,
            DeviceProperty: DEVICE_REGISTRY_PROPERTY,
            PoolType: POOL_TYPE,
            PropertyMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PropertyMemory: *mut WDFMEMORY,
        ) -> NTSTATUS {
            kmdf: 82, 1.0; umdf: 32, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: PropertyMemoryAttributes; must_use;
        }
        fn WdfDeviceSetPnpCapabilities(
            Device: WDFDEVICE,
            PnpCapabilities: PWDF_DEVICE_PNP_CAPABILITIES,
        ) -> () {
            kmdf: 83, 1.0; umdf: 33, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceSetPowerCapabilities(
            Device: WDFDEVICE,
            PowerCapabilities: PWDF_DEVICE_POWER_CAPABILITIES,
        ) -> () {
            kmdf: 84, 1.0; umdf: 34, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceSetBusInformationForChildren(
            Device: WDFDEVICE,
            BusInformation: PPNP_BUS_INFORMATION,
        ) -> () {
            kmdf: 85, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceIndicateWakeStatus(Device: WDFDEVICE, WaitWakeStatus: NTSTATUS) -> NTSTATUS {
            kmdf: 86, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceSetFailed(Device: WDFDEVICE, FailedAction: WDF_DEVICE_FAILED_ACTION) -> () {
            kmdf: 87, 1.0; umdf: 35, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        /// `PASSIVE_LEVEL` and below when `WaitForD0 != 0`.
        fn WdfDeviceStopIdleNoTrack(Device: WDFDEVICE, WaitForD0: BOOLEAN) -> NTSTATUS {
            kmdf: 88, 1.0; umdf: 36, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; strict: PASSIVE_LEVEL; must_use;
        }
        fn WdfDeviceResumeIdleNoTrack(Device: WDFDEVICE) -> () {
            kmdf: 89, 1.0; umdf: 37, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceGetFileObject(Device: WDFDEVICE, FileObject: PFILE_OBJECT) -> WDFFILEOBJECT {
            kmdf: 90, 1.0; umdf: 38, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceEnqueueRequest(Device: WDFDEVICE, Request: WDFREQUEST) -> NTSTATUS {
            kmdf: 91, 1.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceGetDefaultQueue(Device: WDFDEVICE) -> WDFQUEUE {
            kmdf: 92, 1.0; umdf: 39, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceConfigureRequestDispatching(
            Device: WDFDEVICE,
            Queue: WDFQUEUE,
            RequestType: WDF_REQUEST_TYPE,
        ) -> NTSTATUS {
            kmdf: 93, 1.0; umdf: 40, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceRetrieveDeviceDirectoryString(Device: WDFDEVICE, String: WDFSTRING) -> NTSTATUS {
            umdf: 267, 2.25; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceRemoveDependentUsageDeviceObject(
            Device: WDFDEVICE,
            DependentDevice: PDEVICE_OBJECT,
        ) -> () {
            kmdf: 387, 1.9; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceGetSystemPowerAction(Device: WDFDEVICE) -> POWER_ACTION {
            kmdf: 388, 1.9; umdf: 41, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceWdmDispatchIrp(
            Device: WDFDEVICE,
            Irp: PIRP,
            DispatchContext: WDFCONTEXT,
        ) -> NTSTATUS {
            kmdf: 401, 1.11; umdf: 257, 2.17; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceWdmDispatchIrpToIoQueue(
            Device: WDFDEVICE,
            Irp: PIRP,
            Queue: WDFQUEUE,
            Flags: ULONG,
        ) -> NTSTATUS {
            kmdf: 402, 1.11; umdf: 258, 2.17; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceInitSetRemoveLockOptions(
            DeviceInit: PWDFDEVICE_INIT,
            Options: PWDF_REMOVE_LOCK_OPTIONS,
        ) -> () {
            kmdf: 403, 1.11; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceConfigureWdmIrpDispatchCallback(
            Device: WDFDEVICE,
            Driver: WDFDRIVER,
            MajorFunction: UCHAR,
            EvtDeviceWdmIrpDispatch: PFN_WDFDEVICE_WDM_IRP_DISPATCH,
            DriverContext: WDFCONTEXT,
        ) -> NTSTATUS {
            kmdf: 404, 1.11; umdf: 259, 2.17; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Driver, DriverContext; must_use;
        }
        fn WdfDeviceWdmAssignPowerFrameworkSettings(
            Device: WDFDEVICE,
            PowerFrameworkSettings: PWDF_POWER_FRAMEWORK_SETTINGS,
        ) -> NTSTATUS {
            kmdf: 425, 1.11; umdf: 273, 2.33; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceInitSetReleaseHardwareOrderOnFailure(
            DeviceInit: PWDFDEVICE_INIT,
            ReleaseHardwareOrderOnFailure: WDF_RELEASE_HARDWARE_ORDER_ON_FAILURE,
        ) -> () {
            kmdf: 430, 1.11; umdf: 42, 2.0; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: ;
        }
        fn WdfDeviceInitSetIoTypeEx(
            DeviceInit: PWDFDEVICE_INIT,
            IoTypeConfig: PWDF_IO_TYPE_CONFIG,
        ) -> () {
            kmdf: 432, 1.13; umdf: 43, 2.0; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ;
        }
        fn WdfDeviceQueryPropertyEx(
            Device: WDFDEVICE,
            DeviceProperty: PWDF_DEVICE_PROPERTY_DATA,
            BufferLength: ULONG,
            PropertyBuffer: PVOID,
            RequiredSize: PULONG,
            Type: PDEVPROPTYPE,
        ) -> NTSTATUS {
            kmdf: 433, 1.13; umdf: 54, 2.0; irql: PASSIVE_LEVEL ..= APC_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceAllocAndQueryPropertyEx(
            Device: WDFDEVICE,
            DeviceProperty: PWDF_DEVICE_PROPERTY_DATA,
            PoolType: POOL_TYPE,
            PropertyMemoryAttributes: PWDF_OBJECT_ATTRIBUTES,
            PropertyMemory: *mut WDFMEMORY,
            Type: PDEVPROPTYPE,
        ) -> NTSTATUS {
            kmdf: 434, 1.13; umdf: 55, 2.0; irql: PASSIVE_LEVEL ..= APC_LEVEL; optional: PropertyMemoryAttributes; must_use;
        }
        fn WdfDeviceAssignProperty(
            Device: WDFDEVICE,
            DeviceProperty: PWDF_DEVICE_PROPERTY_DATA,
            Type: DEVPROPTYPE,
            Size: ULONG,
            Data: PVOID,
        ) -> NTSTATUS {
            kmdf: 435, 1.13; umdf: 56, 2.0; irql: PASSIVE_LEVEL ..= APC_LEVEL; optional: Data; must_use;
        }
        /// `PASSIVE_LEVEL` and below when `WaitForD0 != 0`.
        fn WdfDeviceStopIdleActual(
            Device: WDFDEVICE,
            WaitForD0: BOOLEAN,
            Tag: PVOID,
            Line: LONG,
            File: PCCH,
        ) -> NTSTATUS {
            kmdf: 438, 1.15; umdf: 248, 2.15; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Tag; strict: PASSIVE_LEVEL; must_use;
        }
        fn WdfDeviceResumeIdleActual(Device: WDFDEVICE, Tag: PVOID, Line: LONG, File: PCCH) -> () {
            kmdf: 439, 1.15; umdf: 249, 2.15; irql: PASSIVE_LEVEL ..= DISPATCH_LEVEL; optional: Tag;
        }
        fn WdfDeviceOpenDevicemapKey(
            Device: WDFDEVICE,
            KeyName: PCUNICODE_STRING,
            DesiredAccess: ACCESS_MASK,
            KeyAttributes: PWDF_OBJECT_ATTRIBUTES,
            Key: *mut WDFKEY,
        ) -> NTSTATUS {
            kmdf: 443, 1.15; umdf: 255, 2.15; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: KeyAttributes; must_use;
        }
        fn WdfDeviceRetrieveCompanionTarget(
            Device: WDFDEVICE,
            CompanionTarget: *mut WDFCOMPANIONTARGET,
        ) -> NTSTATUS {
            kmdf: 448, 1.23; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ; must_use;
        }
        fn WdfDeviceSetDeviceInterfaceStateEx(
            Device: WDFDEVICE,
            InterfaceClassGUID: *const GUID,
            ReferenceString: PCUNICODE_STRING,
            IsInterfaceEnabled: BOOLEAN,
        ) -> () {
            kmdf: 457, 1.31; umdf: 272, 2.31; irql: PASSIVE_LEVEL ..= PASSIVE_LEVEL; optional: ReferenceString;
        }
    } };
}
wdfdevice_functions!(crate::wdf::declare_functions);

/// Initialises a [`WDF_FILEOBJECT_CONFIG`] as the C function of that name does.
pub fn WDF_FILEOBJECT_CONFIG_INIT(
    FileEventCallbacks: &mut WDF_FILEOBJECT_CONFIG,
    EvtDeviceFileCreate: PFN_WDF_DEVICE_FILE_CREATE,
    EvtFileClose: PFN_WDF_FILE_CLOSE,
    EvtFileCleanup: PFN_WDF_FILE_CLEANUP,
) {
    FileEventCallbacks.Size = structure_size::<WDF_FILEOBJECT_CONFIG>();
    FileEventCallbacks.EvtDeviceFileCreate = EvtDeviceFileCreate;
    FileEventCallbacks.EvtFileClose = EvtFileClose;
    FileEventCallbacks.EvtFileCleanup = EvtFileCleanup;
    FileEventCallbacks.FileObjectClass = _WDF_FILEOBJECT_CLASS::WdfFileObjectWdfCannotUseFsContexts;
    FileEventCallbacks.AutoForwardCleanupClose = _WDF_TRI_STATE::WdfUseDefault;
}

/// Initialises a [`WDF_POWER_POLICY_EVENT_CALLBACKS`] as the C function of that name does.
pub fn WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(Callbacks: &mut WDF_POWER_POLICY_EVENT_CALLBACKS) {
    *Callbacks = WDF_POWER_POLICY_EVENT_CALLBACKS::default();
    Callbacks.Size = structure_size::<WDF_POWER_POLICY_EVENT_CALLBACKS>();
}

/// Initialises a [`WDF_PNPPOWER_EVENT_CALLBACKS`] as the C function of that name does.
pub fn WDF_PNPPOWER_EVENT_CALLBACKS_INIT(Callbacks: &mut WDF_PNPPOWER_EVENT_CALLBACKS) {
    *Callbacks = WDF_PNPPOWER_EVENT_CALLBACKS::default();
    Callbacks.Size = structure_size::<WDF_PNPPOWER_EVENT_CALLBACKS>();
}

/// Initialises a [`WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS`] as the C function of that name does.
pub fn WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(
    Settings: &mut WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS,
) {
    *Settings = WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS::default();
    Settings.Size = structure_size::<WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS>();
    Settings.Enabled = _WDF_TRI_STATE::WdfUseDefault;
    Settings.DxState = _DEVICE_POWER_STATE::PowerDeviceMaximum;
    Settings.UserControlOfWakeSettings = _WDF_POWER_POLICY_SX_WAKE_USER_CONTROL::WakeAllowUserControl;
}

/// Initialises a [`WDF_DEVICE_STATE`] as the C function of that name does.
pub fn WDF_DEVICE_STATE_INIT(PnpDeviceState: &mut WDF_DEVICE_STATE) {
    *PnpDeviceState = WDF_DEVICE_STATE::default();
    PnpDeviceState.Size = structure_size::<WDF_DEVICE_STATE>();
    PnpDeviceState.Disabled = _WDF_TRI_STATE::WdfUseDefault;
    PnpDeviceState.DontDisplayInUI = _WDF_TRI_STATE::WdfUseDefault;
    PnpDeviceState.Failed = _WDF_TRI_STATE::WdfUseDefault;
    PnpDeviceState.NotDisableable = _WDF_TRI_STATE::WdfUseDefault;
    PnpDeviceState.Removed = _WDF_TRI_STATE::WdfUseDefault;
    PnpDeviceState.ResourcesChanged = _WDF_TRI_STATE::WdfUseDefault;
    PnpDeviceState.AssignedToGuest = _WDF_TRI_STATE::WdfUseDefault;
}

/// Initialises a [`WDF_DEVICE_PNP_CAPABILITIES`] as the C function of that name does.
pub fn WDF_DEVICE_PNP_CAPABILITIES_INIT(Caps: &mut WDF_DEVICE_PNP_CAPABILITIES) {
    *Caps = WDF_DEVICE_PNP_CAPABILITIES::default();
    Caps.Size = structure_size::<WDF_DEVICE_PNP_CAPABILITIES>();
    Caps.LockSupported = _WDF_TRI_STATE::WdfUseDefault;
    Caps.EjectSupported = _WDF_TRI_STATE::WdfUseDefault;
    Caps.Removable = _WDF_TRI_STATE::WdfUseDefault;
    Caps.DockDevice = _WDF_TRI_STATE::WdfUseDefault;
    Caps.UniqueID = _WDF_TRI_STATE::WdfUseDefault;
    Caps.SilentInstall = _WDF_TRI_STATE::WdfUseDefault;
    Caps.SurpriseRemovalOK = _WDF_TRI_STATE::WdfUseDefault;
    Caps.HardwareDisabled = _WDF_TRI_STATE::WdfUseDefault;
    Caps.NoDisplayInUI = _WDF_TRI_STATE::WdfUseDefault;
    Caps.Address = ULONG::MAX;
    Caps.UINumber = ULONG::MAX;
}

/// Initialises a [`WDF_REMOVE_LOCK_OPTIONS`] as the C function of that name does.
pub fn WDF_REMOVE_LOCK_OPTIONS_INIT(RemoveLockOptions: &mut WDF_REMOVE_LOCK_OPTIONS, Flags: ULONG) {
    *RemoveLockOptions = WDF_REMOVE_LOCK_OPTIONS::default();
    RemoveLockOptions.Size = structure_size::<WDF_REMOVE_LOCK_OPTIONS>();
    RemoveLockOptions.Flags = Flags;
}

/// Initialises a [`WDF_POWER_FRAMEWORK_SETTINGS`] as the C function of that name does.
pub fn WDF_POWER_FRAMEWORK_SETTINGS_INIT(
    PowerFrameworkSettings: &mut WDF_POWER_FRAMEWORK_SETTINGS,
) {
    *PowerFrameworkSettings = WDF_POWER_FRAMEWORK_SETTINGS::default();
    PowerFrameworkSettings.Size = structure_size::<WDF_POWER_FRAMEWORK_SETTINGS>();
    PowerFrameworkSettings.DirectedPoFxEnabled = _WDF_TRI_STATE::WdfUseDefault;
}

/// Initialises a [`WDF_IO_TYPE_CONFIG`] as the C function of that name does.
pub fn WDF_IO_TYPE_CONFIG_INIT(IoTypeConfig: &mut WDF_IO_TYPE_CONFIG) {
    *IoTypeConfig = WDF_IO_TYPE_CONFIG::default();
    IoTypeConfig.Size = structure_size::<WDF_IO_TYPE_CONFIG>();
    IoTypeConfig.ReadWriteIoType = _WDF_DEVICE_IO_TYPE::WdfDeviceIoBuffered;
    IoTypeConfig.DeviceControlIoType = _WDF_DEVICE_IO_TYPE::WdfDeviceIoBuffered;
}

/// Initialises a [`WDF_DEVICE_INTERFACE_PROPERTY_DATA`] as the C function of that name does.
pub fn WDF_DEVICE_INTERFACE_PROPERTY_DATA_INIT(
    PropertyData: &mut WDF_DEVICE_INTERFACE_PROPERTY_DATA,
    InterfaceClassGUID: *const GUID,
    PropertyKey: *const DEVPROPKEY,
) {
    *PropertyData = WDF_DEVICE_INTERFACE_PROPERTY_DATA::default();
    PropertyData.Size = structure_size::<WDF_DEVICE_INTERFACE_PROPERTY_DATA>();
    PropertyData.InterfaceClassGUID = InterfaceClassGUID;
    PropertyData.PropertyKey = PropertyKey;
}

/// Initialises a [`WDF_DEVICE_PROPERTY_DATA`] as the C function of that name does.
pub fn WDF_DEVICE_PROPERTY_DATA_INIT(
    PropertyData: &mut WDF_DEVICE_PROPERTY_DATA,
    PropertyKey: *const DEVPROPKEY,
) {
    *PropertyData = WDF_DEVICE_PROPERTY_DATA::default();
    PropertyData.Size = structure_size::<WDF_DEVICE_PROPERTY_DATA>();
    PropertyData.PropertyKey = PropertyKey;
}
/// Constant pointer to [`WDF_DEVICE_PNP_NOTIFICATION_DATA`].
pub type PCWDF_DEVICE_PNP_NOTIFICATION_DATA = *const WDF_DEVICE_PNP_NOTIFICATION_DATA;
/// Constant pointer to [`WDF_DEVICE_POWER_NOTIFICATION_DATA`].
pub type PCWDF_DEVICE_POWER_NOTIFICATION_DATA = *const WDF_DEVICE_POWER_NOTIFICATION_DATA;
/// Constant pointer to [`WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA`].
pub type PCWDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA = *const WDF_DEVICE_POWER_POLICY_NOTIFICATION_DATA;

/// Initialises a [`WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS`] as the C function of that name does.
pub fn WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(
    Settings: &mut WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS,
    IdleCaps: WDF_POWER_POLICY_S0_IDLE_CAPABILITIES,
) {
    use _WDF_POWER_POLICY_S0_IDLE_CAPABILITIES::*;
    *Settings = WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS::default();
    Settings.Size = structure_size::<WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS>();
    Settings.IdleTimeout = _WDF_POWER_POLICY_IDLE_TIMEOUT_CONSTANTS::IdleTimeoutDefaultConstant as ULONG;
    Settings.UserControlOfIdleSettings = _WDF_POWER_POLICY_S0_IDLE_USER_CONTROL::IdleAllowUserControl;
    Settings.Enabled = _WDF_TRI_STATE::WdfUseDefault;
    Settings.PowerUpIdleDeviceOnSystemWake = _WDF_TRI_STATE::WdfUseDefault;
    Settings.IdleTimeoutType = _WDF_POWER_POLICY_IDLE_TIMEOUT_TYPE::DriverManagedIdleTimeout;
    Settings.ExcludeD3Cold = _WDF_TRI_STATE::WdfUseDefault;
    Settings.IdleCaps = IdleCaps;
    if IdleCaps == IdleUsbSelectiveSuspend || IdleCaps == IdleCanWakeFromS0 {
        Settings.DxState = _DEVICE_POWER_STATE::PowerDeviceMaximum;
    } else if IdleCaps == IdleCannotWakeFromS0 {
        Settings.DxState = _DEVICE_POWER_STATE::PowerDeviceD3;
    }
}

/// Initialises a [`WDF_DEVICE_POWER_CAPABILITIES`] as the C function of that name does.
pub fn WDF_DEVICE_POWER_CAPABILITIES_INIT(Caps: &mut WDF_DEVICE_POWER_CAPABILITIES) {
    *Caps = WDF_DEVICE_POWER_CAPABILITIES::default();
    Caps.Size = structure_size::<WDF_DEVICE_POWER_CAPABILITIES>();
    Caps.DeviceD1 = _WDF_TRI_STATE::WdfUseDefault;
    Caps.DeviceD2 = _WDF_TRI_STATE::WdfUseDefault;
    Caps.WakeFromD0 = _WDF_TRI_STATE::WdfUseDefault;
    Caps.WakeFromD1 = _WDF_TRI_STATE::WdfUseDefault;
    Caps.WakeFromD2 = _WDF_TRI_STATE::WdfUseDefault;
    Caps.WakeFromD3 = _WDF_TRI_STATE::WdfUseDefault;
    Caps.DeviceState.fill(_DEVICE_POWER_STATE::PowerDeviceMaximum);
    Caps.DeviceWake = _DEVICE_POWER_STATE::PowerDeviceMaximum;
    Caps.SystemWake = _SYSTEM_POWER_STATE::PowerSystemMaximum;
    Caps.D1Latency = ULONG::MAX;
    Caps.D2Latency = ULONG::MAX;
    Caps.D3Latency = ULONG::MAX;
    Caps.IdealDxStateForSx = _DEVICE_POWER_STATE::PowerDeviceMaximum;
}

/// `IdleInWorkingState` in UTF-16, with a NUL.
pub const WDF_S0_IDLE_ENABLED_VALUE_NAME: [WCHAR; 19] = crate::declare::wide("IdleInWorkingState");
/// `WakeFromSleepState` in UTF-16, with a NUL.
pub const WDF_SX_WAKE_ENABLED_VALUE_NAME: [WCHAR; 19] = crate::declare::wide("WakeFromSleepState");
/// `WdfDefaultIdleInWorkingState` in UTF-16, with a NUL.
pub const WDF_S0_IDLE_DEFAULT_VALUE_NAME: [WCHAR; 29] = crate::declare::wide("WdfDefaultIdleInWorkingState");
/// `WdfDefaultWakeFromSleepState` in UTF-16, with a NUL.
pub const WDF_SX_WAKE_DEFAULT_VALUE_NAME: [WCHAR; 29] = crate::declare::wide("WdfDefaultWakeFromSleepState");
/// `.kmdftypeinit`.
pub const WDF_TYPE_INIT_BASE_SECTION_NAME: &core::ffi::CStr = c".kmdftypeinit";
/// `.kmdftypeinit$b`.
pub const WDF_TYPE_INIT_SECTION_NAME: &core::ffi::CStr = c".kmdftypeinit$b";
/// `.data`.
pub const WDF_TYPE_DEFAULT_SECTION_NAME: &core::ffi::CStr = c".data";
